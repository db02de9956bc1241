import type { Logger } from 'n8n-workflow';
import type { Arrival, StartExecution } from '../queue/arrival';
import { Capacity } from '../journal/capacity';
import type { NodeAddress } from '../../shared/journal/columns';
import { Journal } from '../journal/journal';
import { orderPathOf } from '../intake/rules';
import { groupingOf } from '../queue/grouping';
import { keyExpiryMs } from '../../shared/credential/keyExpiry';
import { executionState } from '../n8n/executionState';
import { CurrentAccess } from '../../shared/dataTables/n8nAccess';
import type { MakeCall, N8nAccess } from '../../shared/dataTables/n8nApi';
import { type N8nTables, existingJournal, n8nTables } from '../n8n/n8nTables';
import { nodeRows } from '../journal/nodeRows';
import { Deposits } from '../journal/deposit';
import { TableFailure, neq } from '../../shared/dataTables/table';
import { Queue, type QueuePorts } from '../queue/queue';
import type { JournalOptions, Settings } from '../panel/settings';

/** After this time, the same problem is logged again. */
const SAY_AGAIN_MS = 30_000;
/** How long tables need not be searched again, where requests come in without a live trigger. */
const LOOK_UP_AGAIN_MS = 60_000;

/** The functions that journals depend on, shared by all nodes of this process. */
export type JournalsPorts = Omit<QueuePorts, 'log'>;

/** Where and how a node's events are kept. */
export interface JournalTarget {
	readonly address: NodeAddress;
	readonly access: N8nAccess;
	/** Reads the credential as it is now. */
	readAccess(): Promise<N8nAccess>;
	readonly make: MakeCall;
	readonly settings: Settings & { readonly journal: JournalOptions };
	readonly logger: Pick<Logger, 'error' | 'warn'>;
}

interface Depot {
	/** The credential when the depot was made. For another credential a new depot is made. */
	readonly access: N8nAccess;
	readonly deposits: Deposits;
	readonly capacity: Capacity;
	readonly madeAtMs: number;
}

/** The journals of all nodes in this process, with a live trigger and without. */
export class Journals {
	private readonly live = new Map<string, { journal: Journal; capacity: Capacity }>();
	private readonly depots = new Map<string, Promise<Depot>>();

	constructor(private readonly ports: JournalsPorts) {}

	/**
	 * The node's trigger goes live. Resolves with the function that closes it.
	 * @throws {TableFailure} when the settings or this n8n do not allow it; the message says what to do
	 */
	async open(target: JournalTarget, start: StartExecution): Promise<() => Promise<void>> {
		const { settings, logger, address } = target;
		const key = keyOf(address);
		const failed = this.teller(logger);
		const access = new CurrentAccess(target.access, async () => await target.readAccess(), {
			elapsedMs: () => this.ports.elapsedMs(),
			failed: (message) => failed(new TableFailure('unreachable', message)),
		});
		let tables: N8nTables | null = null;
		const journal = new Journal(
			address,
			start,
			{
				...settings.delivery,
				...settings.journal,
				orderBy: orderPathOf(settings.intake),
				endpoint: settings.endpointName,
			},
			{
				...this.ports,
				log: logger,
				failed,
				newQueue: (storeFor) => new Queue({ ...this.ports, log: logger }, storeFor),
				tables: async () =>
					(tables = await n8nTables(target.make, access, settings.journal.tableName, (message) =>
						failed(new TableFailure('refused', message)),
					)),
				executionState: async (executionId) => await executionState(target.make, access, executionId),
				keyExpiresAtMs: async () => {
					await access.renew();
					return keyExpiryMs(access.apiKey);
				},
			},
		);
		const capacity = new Capacity(
			{ sizeBytes: async () => (await tables?.sizeBytes()) ?? 0, isCrowded: async () => false },
			settings.journal.maxBytes,
			{ elapsedMs: () => this.ports.elapsedMs(), failed },
		);
		await journal.open();
		const entry = { journal, capacity };
		this.live.set(key, entry);
		return async () => {
			if (this.live.get(key) === entry) this.live.delete(key);
			await journal.close();
		};
	}

	/**
	 * The queue of a node whose trigger is live here, and whether its table may take more. Undefined for other
	 * nodes.
	 */
	find(address: NodeAddress): { queue: Queue; capacity: Capacity } | undefined {
		const entry = this.live.get(keyOf(address));
		const queue = entry?.journal.queue ?? null;
		return entry === undefined || queue === null ? undefined : { queue, capacity: entry.capacity };
	}

	/** Dead letters of a workflow were set to `redrive`. Its triggers that are live here find them at once. */
	lookSoon(workflowId: string): void {
		const start = keyOf({ workflowId, nodeId: '' });
		for (const [key, { journal }] of this.live) if (key.startsWith(start)) journal.lookSoon();
	}

	/** The queues of those triggers of a workflow that are live here. */
	ofWorkflow(workflowId: string): Array<{ nodeId: string; isLive: boolean; queue: Queue }> {
		const start = keyOf({ workflowId, nodeId: '' });
		return [...this.live].flatMap(
			([
				key,
				{
					journal: { queue },
				},
			]) =>
				queue !== null && key.startsWith(start)
					? [{ nodeId: key.slice(start.length), isLive: true, queue }]
					: [],
		);
	}

	/**
	 * Keeps a request where the node's trigger is not live.
	 * @returns null when it is kept, `crowded` when there is no room, else why it could not be kept
	 */
	async deposit(target: JournalTarget, arrival: Arrival): Promise<TableFailure | 'crowded' | null> {
		const key = keyOf(target.address);
		const known = this.depots.get(key);
		let depot: Depot;
		try {
			const found = await known;
			const { baseUrl, apiKey } = target.access;
			const isFresh =
				found?.access.baseUrl === baseUrl &&
				found.access.apiKey === apiKey &&
				this.ports.elapsedMs() - found.madeAtMs < LOOK_UP_AGAIN_MS;
			if (isFresh) depot = found;
			else {
				const made = this.depots.get(key) === known ? this.depotFor(target) : this.depots.get(key);
				this.depots.set(key, made as Promise<Depot>);
				depot = await (made as Promise<Depot>);
			}
		} catch (error) {
			this.depots.delete(key);
			return error instanceof TableFailure ? error : new TableFailure('unreachable', String(error));
		}
		const obstacle = await depot.capacity.obstacle();
		if (obstacle !== null) return 'crowded';
		return await depot.deposits.deposit(arrival, groupingOf(target.settings.delivery).mostEvents);
	}

	private async depotFor(target: JournalTarget): Promise<Depot> {
		const { settings, address, logger } = target;
		// A missing table is not created: the trigger may still use one that was renamed, and would not read a
		// new one.
		const tables = await existingJournal(target.make, target.access, settings.journal.tableName);
		const isCrowded = async (): Promise<boolean> => {
			const open = nodeRows(
				address,
				neq('state', 'dead'),
				neq('state', 'processed'),
				neq('state', 'sleeping'),
			);
			return (await tables.journal.read(open, 1, settings.delivery.maxPendingEvents)).length > 0;
		};
		return {
			access: target.access,
			deposits: new Deposits(
				this.ports.newId(),
				address,
				tables.journal,
				async (milliseconds) => await this.ports.sleep(milliseconds),
			),
			capacity: new Capacity(
				{ sizeBytes: async () => await tables.sizeBytes(), isCrowded },
				settings.journal.maxBytes,
				{ elapsedMs: () => this.ports.elapsedMs(), failed: this.teller(logger) },
			),
			madeAtMs: this.ports.elapsedMs(),
		};
	}

	/** Logs problems with the tables, but the same problem only from time to time. */
	private teller(logger: JournalTarget['logger']): (failure: TableFailure) => void {
		const saidAtMs = new Map<string, number>();
		return ({ message }) => {
			const nowMs = this.ports.elapsedMs();
			if (nowMs - (saidAtMs.get(message) ?? -Infinity) < SAY_AGAIN_MS) return;
			if (saidAtMs.size > 100) saidAtMs.clear();
			saidAtMs.set(message, nowMs);
			logger.error(`Game Insights journal: ${message}`);
		};
	}
}

const keyOf = ({ workflowId, nodeId }: NodeAddress): string => `${workflowId}:${nodeId}`;
