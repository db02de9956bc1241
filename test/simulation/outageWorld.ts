import type { Execution, JobContent, Outcome } from '../../nodes/GameInsightsWebhook/queue/arrival';
import type { DeliverySettings } from '../../nodes/GameInsightsWebhook/queue/deliverySettings';
import { Queue } from '../../nodes/GameInsightsWebhook/queue/queue';
import { VirtualClock } from '../support/virtualClock';

/** Some requests, one after the other. */
export interface Traffic {
	readonly fromMs: number;
	readonly everyMs: number;
	readonly requests: number;
	readonly eventsEach: number;
	readonly type: 'a' | 'b';
	/** Which of all its events always fail, by their number. */
	readonly poison: readonly number[];
}

/** A time in which what the workflow needs is away. */
export interface PlannedOutage {
	readonly fromMs: number;
	readonly toMs: number;
	/** Null for events of every type. */
	readonly type: 'a' | 'b' | null;
}

/** A world with outages, as data. */
export interface OutagePlan {
	readonly settings: DeliverySettings;
	readonly traffic: readonly Traffic[];
	readonly outages: readonly PlannedOutage[];
	/** How long an execution takes. */
	readonly takesMs: number;
	/** When the workflow is published anew. */
	readonly publishedAtMs: readonly number[];
}

/** What came of an event. */
export interface Story {
	readonly isPoison: boolean;
	readonly type: 'a' | 'b';
	readonly atMs: number;
	executions: number;
	end: 'processed' | 'deadLettered' | null;
	/** The dead letter says that it was not tried alone. */
	isTogether: boolean;
	reason: string | null;
	endedAtMs: number;
}

/** One execution with events. */
export interface Ran {
	readonly startedAtMs: number;
	readonly events: number;
	readonly isFirstTry: boolean;
	readonly isWell: boolean;
}

/** What happened in a world, from its first request until it came to rest. */
export interface Report {
	readonly stories: readonly Story[];
	readonly executions: readonly Ran[];
	readonly notices: ReadonlyArray<{
		readonly reason: string;
		readonly atMs: number;
		readonly summary: string;
	}>;
	readonly refused: number;
	readonly deliveries: number;
}

const LONGEST_MS = 200 * 3_600_000;

/** Plays a plan until everything has come to rest. Times in the report count from the beginning. */
export async function playOutages(plan: OutagePlan): Promise<Report> {
	const clock = new VirtualClock();
	const beginMs = clock.elapsedMs();
	const nowMs = (): number => clock.elapsedMs() - beginMs;
	const stories = new Map<string, Story>();
	const executions: Ran[] = [];
	const notices: Array<{ reason: string; atMs: number; summary: string }> = [];
	let refused = 0;
	let deliveries = 0;
	let ids = 0;
	const randoms = [0.1, 0.5, 0.9];
	let random = 0;
	const queue = new Queue({
		now: clock.now,
		elapsedMs: clock.elapsedMs,
		sleep: clock.sleep,
		random: () => randoms[random++ % randoms.length] as number,
		newId: () => `id-${++ids}`,
		eventTexts: (_, indexes) => indexes.map(() => '{"event_type":"a"}'),
		log: { error: () => undefined },
	});

	const isAway = (types: ReadonlySet<string>): boolean =>
		plan.outages.some(
			({ fromMs, toMs, type }) => nowMs() >= fromMs && nowMs() < toMs && (type === null || types.has(type)),
		);

	const start = (content: JobContent): Execution => {
		const startedAtMs = nowMs();
		if (content.kind === 'deadLetters') {
			for (const letter of content.deadLetters) {
				const { reason, summary, delivery } = letter;
				if (letter.stage === 'notice') {
					notices.push({ reason, atMs: startedAtMs, summary });
					continue;
				}
				deliveries++;
				const story = stories.get(delivery.id) as Story;
				if (story.end !== null) throw new Error(`${delivery.id} ends twice`);
				Object.assign(story, { end: 'deadLettered', reason, endedAtMs: startedAtMs });
				story.isTogether = summary.includes('together with other events');
			}
			return after(clock, 1, () => ({ kind: 'processed' }));
		}
		deliveries += content.events.length;
		const own = content.events.map(
			({ arrival, index }) => stories.get(`${arrival.requestId}.${index}`) as Story,
		);
		const isFirstTry = own.some((story) => story.executions === 0);
		for (const story of own) {
			if (story.end !== null) throw new Error('What has ended runs again');
			story.executions++;
		}
		return after(clock, plan.takesMs, () => {
			const types = new Set(own.map(({ type }) => type));
			const isWell = !isAway(types) && !own.some(({ isPoison }) => isPoison);
			executions.push({ startedAtMs, events: own.length, isFirstTry, isWell });
			if (!isWell) {
				const message = own.some(({ isPoison }) => isPoison) ? 'Bad event' : '503 Service Unavailable';
				return { kind: 'failed', failure: { executionId: '7', message, node: 'Save' } };
			}
			for (const story of own) Object.assign(story, { end: 'processed', endedAtMs: nowMs() });
			return { kind: 'processed' };
		});
	};

	const send = (traffic: Traffic, request: number, requestId: string): void => {
		const { eventsEach, type, poison } = traffic;
		const numbers = Array.from({ length: eventsEach }, (_, index) => index);
		for (const index of numbers) {
			stories.set(`${requestId}.${index}`, {
				...{ isPoison: poison.includes(request * eventsEach + index), type, atMs: nowMs() },
				...{ executions: 0, end: null, isTogether: false, reason: null, endedAtMs: 0 },
			});
		}
		const answer = queue.offer({
			requestId,
			receivedAtMs: clock.now(),
			endpoint: 'orders',
			sender: { method: 'apiKey', keyId: 'current', claims: null },
			source: { format: 'json', text: requestId },
			batchSize: eventsEach,
			bytes: 100 * eventsEach,
			events: numbers.map((index) => ({ index, deduplicationKey: null })),
			deadLetters: [],
		});
		const forget = (): void => {
			refused++;
			for (const index of numbers) {
				const id = `${requestId}.${index}`;
				if (stories.get(id)?.executions === 0) stories.delete(id);
			}
		};
		if ('retryAfterSeconds' in answer) forget();
		else void answer.kept.then((kept) => (kept === 'kept' ? undefined : forget()));
	};

	queue.open(start, plan.settings);
	const steps = [
		...plan.traffic.flatMap((traffic, at) =>
			Array.from({ length: traffic.requests }, (_, request) => ({
				atMs: traffic.fromMs + request * traffic.everyMs,
				happen: () => send(traffic, request, `r${at}-${request}`),
			})),
		),
		...plan.publishedAtMs.map((atMs) => ({
			atMs,
			happen: () => void republish(queue, start, plan.settings),
		})),
	].sort((one, other) => one.atMs - other.atMs);
	for (const { atMs, happen } of steps) {
		await clock.advance(Math.max(0, atMs - nowMs()));
		happen();
	}
	for (let rested = 0; clock.sleeping > 0; rested += 3_600_000) {
		if (rested > LONGEST_MS) throw new Error('The queue never comes to rest');
		await clock.advance(3_600_000);
	}
	if (queue.size.waiting > 0) throw new Error(`${queue.size.waiting} events wait for ever`);
	return { stories: [...stories.values()], executions, notices, refused, deliveries };
}

/** An execution that begins at once and takes its time. */
function after(clock: VirtualClock, milliseconds: number, outcomeOf: () => Outcome): Execution {
	return { begun: Promise.resolve(), ended: clock.sleep(milliseconds).then(outcomeOf) };
}

async function republish(
	queue: Queue,
	start: (content: JobContent) => Execution,
	settings: DeliverySettings,
): Promise<void> {
	await queue.close();
	queue.open(start, settings);
}
