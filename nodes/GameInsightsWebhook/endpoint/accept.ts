import type { IWebhookFunctions } from 'n8n-workflow';
import type { ReadAhead } from '../intake/readAhead';
import type { Receipt } from '../intake/receipt';
import { notConfigured } from '../../shared/refusal';
import { type Taken, busy, notKept, notStored } from '../intake/reply';
import { type Payload, arrivalOf, payloadOfArrival } from '../items/payload';
import { deadLetterOfRejected } from '../items/rejectedEvent';
import type { NodeAddress } from '../../shared/journal/columns';
import type { Arrival } from '../queue/arrival';
import { maxAttempts } from '../queue/deliverySettings';
import type { Queue } from '../queue/queue';
import type { Settings } from '../panel/settings';
import type { Figures } from './figures';
import { journalTarget } from './journalTarget';
import type { JournalTarget, Journals } from './journals';
import { type Registry, registryKey } from './registry';

/** After how many seconds a sender should try again when the table has no room. */
const CROWDED_RETRY_S = 30;

/** Where the events of this process are kept. */
export interface Endpoints {
	/** Queues in memory. */
	readonly registry: Registry;
	/** Queues with Data Tables. */
	readonly journals: Journals;
	/** Counts of the requests. */
	readonly figures: Figures;
	/** Parsed events for executions that start soon. */
	readonly readAhead: ReadAhead;
}

/** A request whose events are kept, or will be kept when n8n has stored the payload as an execution. */
export interface Accepted extends Taken {
	/** What n8n has to execute directly. Null where this process is responsible for the events. */
	readonly payload: Payload | null;
}

/**
 * Every received request goes through this function to the place where its events are kept: the queue of a
 * live trigger (in memory or with a Data Table), rows for the trigger of another process, or n8n itself. Once
 * it returns, the sender may be answered 200.
 *
 * @throws {Refusal} when nothing was taken, or (with `onFinish`) when the workflow failed and the events
 * became no dead letters
 */
export async function accept(
	context: IWebhookFunctions,
	{ registry, journals, readAhead }: Omit<Endpoints, 'figures'>,
	address: NodeAddress,
	receipt: Receipt,
	settings: Settings,
): Promise<Accepted> {
	const isTest = context.getMode() === 'manual';
	const isDurable = settings.journal !== null && !isTest;
	const key = registryKey(address.workflowId, address.nodeId);
	const queue = isTest || isDurable ? undefined : await registry.liveQueue(key);
	const deadLetters = receipt.rejected.map((rejected) =>
		deadLetterOfRejected(rejected, receipt, settings.endpointName, isDurable || queue !== undefined),
	);
	const { source } = receipt;
	const arrival = arrivalOf(receipt, settings.endpointName, deadLetters, () => readAhead.view(source));
	if (arrival.events.length + deadLetters.length === 0) return kept(0);
	if (isDurable) return await keptInTable(context, journals, address, arrival, settings);
	if (queue !== undefined) return await keptBy(queue, arrival, settings);
	const payload = payloadOfArrival(arrival, settings);
	const asTest = isTest ? { isTest, maxAttempts: maxAttempts(settings.delivery) } : {};
	return { ...kept(arrival.events.length), payload: { ...payload, ...asTest } };
}

const kept = (accepted: number): Accepted => ({ status: 'accepted', accepted, duplicates: 0, payload: null });

/** Uses the queue where the trigger is live. Elsewhere writes rows that the queue will find. */
async function keptInTable(
	context: IWebhookFunctions,
	journals: Journals,
	address: NodeAddress,
	arrival: Arrival,
	settings: Settings,
): Promise<Accepted> {
	const live = journals.find(address);
	if (live !== undefined) {
		const obstacle = await live.capacity.obstacle();
		if (obstacle !== null) throw busy(CROWDED_RETRY_S, obstacle);
		return await keptBy(live.queue, arrival, settings);
	}
	const failure = await journals.deposit(await targetOf(context, settings), arrival);
	if (failure === null) return kept(arrival.events.length);
	if (failure === 'crowded')
		throw busy(CROWDED_RETRY_S, 'the journal table is full, or too much waits in it');
	throw notStored(failure.kind, failure.message);
}

async function targetOf(context: IWebhookFunctions, settings: Settings): Promise<JournalTarget> {
	try {
		return (await journalTarget(context, settings)) as JournalTarget;
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw notConfigured(`The credential for Durable could not be read: ${reason}`);
	}
}

/** Waits until the events are kept or, with `onFinish`, finished. */
async function keptBy(queue: Queue, arrival: Arrival, settings: Settings): Promise<Accepted> {
	const taken = queue.offer(arrival);
	if ('retryAfterSeconds' in taken) throw busy(taken.retryAfterSeconds);
	const outcome = await taken.kept;
	if (outcome === 'withdrawn') throw busy(queue.retryAfterSeconds);
	if (outcome !== 'kept') throw notStored(outcome);
	const { accepted, duplicates } = taken;
	const finish = settings.respond === 'onFinish' ? await taken.finished : 'pending';
	if (finish === 'failed') throw notKept();
	const status = finish === 'processed' || finish === 'dead_lettered' ? finish : 'accepted';
	return { status, accepted, duplicates, payload: null };
}
