import { nodeRows } from './nodeRows';
import { daysToTell } from '../../shared/credential/keyExpiry';
import type { NodeAddress } from '../../shared/journal/columns';
import {
	type Table,
	type TableFailure,
	asTableFailure,
	eq,
	type Filter,
} from '../../shared/dataTables/table';

const KIND = 'notified';
/** How often to check when the key expires. */
const LOOK_EVERY_MS = 3_600_000;

/** What the key watch depends on. */
export interface KeyWatchPorts {
	now(): number;
	elapsedMs(): number;
	/**
	 * When the key in the credential expires, in milliseconds since the epoch. The credential is read again.
	 * Null for a key that does not expire.
	 */
	keyExpiresAtMs(): Promise<number | null>;
	failed(failure: TableFailure): void;
}

/**
 * Sends a notice 7 days and 1 day before the API key for the tables expires. Once for each key, even after
 * restarts.
 */
export class KeyWatch {
	private lookAtMs = -Infinity;
	private notified = '';

	constructor(
		private readonly address: NodeAddress,
		private readonly register: Pick<Table, 'read' | 'insert' | 'remove'>,
		private readonly ports: KeyWatchPorts,
		private readonly notify: (expiresAtMs: number) => void,
	) {}

	/**
	 * Has to be called from time to time. @throws {TableFailure} when it is unknown whether the notice was
	 * sent: the next call tries again
	 */
	async look(): Promise<void> {
		if (this.ports.elapsedMs() < this.lookAtMs) return;
		const expiresAtMs = await this.ports.keyExpiresAtMs();
		const days = expiresAtMs === null ? null : daysToTell(expiresAtMs, this.ports.now());
		const name = `key ${expiresAtMs} ${days}`;
		if (expiresAtMs !== null && days !== null && this.notified !== name) {
			const rows = await this.register.read([...this.own(), eq('name', name)], 1);
			this.notified = name;
			if (rows.length === 0) {
				this.notify(expiresAtMs);
				await this.remember(name);
			}
		}
		this.lookAtMs = this.ports.elapsedMs() + LOOK_EVERY_MS;
	}

	/** Only the last notice is stored. If it is lost, the next process sends the notice again. */
	private async remember(name: string): Promise<void> {
		const { workflowId: workflow_id, nodeId: node_id } = this.address;
		try {
			await this.register.remove(this.own());
			await this.register.insert([{ kind: KIND, name, workflow_id, node_id, at_ms: this.ports.now() }]);
		} catch (error) {
			this.ports.failed(asTableFailure(error));
		}
	}

	private own(): Filter {
		return nodeRows(this.address, eq('kind', KIND));
	}
}
