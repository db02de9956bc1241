import type { StartExecution } from '../queue/arrival';
import type { DeliverySettings } from '../queue/deliverySettings';
import type { Queue } from '../queue/queue';
import type { NodeAddress } from '../../shared/journal/columns';
import type { JournalSettings } from './journalStore';
import { type JournalTables, Lease, type LeasePorts } from './lease';
import { type TableFailure, asTableFailure } from '../../shared/dataTables/table';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/** What the journal needs in addition to the needs of a lease. */
export interface JournalPorts extends LeasePorts {
	/** Finds the tables, or creates them. Rejects with a `TableFailure`. */
	tables(): Promise<JournalTables>;
}

/**
 * Delivers the rows of one node in the process where its trigger is live. If another process takes over
 * (because this one could not reach the tables for too long), it starts again with an empty queue.
 */
export class Journal {
	private lease: Lease | null = null;
	private isClosed = false;

	constructor(
		private readonly address: NodeAddress,
		private readonly start: StartExecution,
		private readonly settings: DeliverySettings & JournalSettings,
		private readonly ports: JournalPorts,
	) {}

	/** The queue that takes requests. Null while the tables can't be reached or another process delivers. */
	get queue(): Queue | null {
		return this.isClosed ? null : (this.lease?.queue ?? null);
	}

	/**
	 * Starts to deliver. When the tables can't be reached now, it keeps trying.
	 * @throws {TableFailure} when trying again would not help; the message says what to do
	 */
	async open(): Promise<void> {
		const failure = await this.begin();
		if (failure !== null && failure.kind !== 'unreachable' && failure.kind !== 'full') {
			this.isClosed = true;
			throw failure;
		}
		void this.serve();
	}

	/**
	 * Stops delivering and releases waiting rows for other processes. Running executions get up to 10 s to end.
	 * Their outcomes count after that, too.
	 */
	async close(): Promise<void> {
		this.isClosed = true;
		await this.lease?.end();
	}

	private async begin(): Promise<TableFailure | null> {
		try {
			const tables = await this.ports.tables();
			const lease = await Lease.begin(this.address, tables, this.start, this.settings, this.ports);
			if (this.isClosed) await lease.end();
			else this.lease = lease;
			return null;
		} catch (error) {
			const failure = asTableFailure(error);
			this.ports.failed(failure);
			return failure;
		}
	}

	private async serve(): Promise<void> {
		let waitMs = FIRST_WAIT_MS;
		while (!this.isClosed) {
			if (this.lease !== null) {
				const isLost = await this.lease.serve();
				if (!isLost) return;
				this.lease = null;
				this.ports.log.error(
					'Another n8n process has taken over the events of this node, because this one could not be heard of for too long. Trying to take part again.',
				);
				waitMs = FIRST_WAIT_MS;
			}
			if ((await this.begin()) === null) continue;
			await this.ports.sleep(waitMs);
			waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
		}
	}
}
