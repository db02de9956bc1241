import type { StartExecution } from '../queue/arrival';
import type { DeliverySettings } from '../queue/deliverySettings';
import type { Queue } from '../queue/queue';
import type { NodeAddress } from './columns';
import type { JournalSettings } from './journalStore';
import { type JournalTables, Lease, type LeasePorts } from './lease';
import { type TableFailure, asTableFailure } from './table';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/** What the journal needs beside what a lease needs. */
export interface JournalPorts extends LeasePorts {
	/** Finds the tables, or makes them. Rejects with a `TableFailure`. */
	tables(): Promise<JournalTables>;
}

/**
 * Delivers the rows of one node from the process where its trigger is live. Should another process take over
 * in the meantime (because this one was cut off from the tables for too long), it begins anew, with nothing.
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

	/** Where requests may be offered; null while the tables can't be reached or somebody else delivers. */
	get queue(): Queue | null {
		return this.isClosed ? null : (this.lease?.queue ?? null);
	}

	/**
	 * Goes to work. When the tables can't be reached for now, it goes on trying.
	 * @throws {TableFailure} when trying again would not help: the message says what to do
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
	 * Stops delivering and gives back what waits. Running executions get up to 10 s; how they end counts later,
	 * too.
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
