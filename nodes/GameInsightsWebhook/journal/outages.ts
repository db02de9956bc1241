import { nodeRows } from './nodeRows';
import type { OutageTime } from '../queue/store';
import type { NodeAddress } from '../../shared/journal/columns';
import {
	type Cell,
	type Filter,
	type Table,
	type TableFailure,
	asTableFailure,
	eq,
	lt,
} from '../../shared/dataTables/table';

const KIND = 'outage';
/** How long to wait before writing is tried again, in milliseconds. */
const WRITE_AGAIN_MS = 1_000;
/** The most outages that are read. Older ones ended longer ago than events are kept. */
const MOST_READ = 250;
/** Outages are remembered for the longest age of an event plus this time: one day. */
const REMEMBERED_ON_TOP_MS = 86_400_000;

/** Whether a cell holds milliseconds since the epoch that a date can hold. */
const isTime = (cell: Cell | undefined): cell is number =>
	typeof cell === 'number' && Math.abs(cell) <= 8.64e15;

/**
 * The outages of a node, as rows of the register. The process that delivers the node's events next has to
 * know which failures do not count as attempts, and whether an outage still lasts.
 */
export class Outages {
	/** What has to be written for each outage. An outage has one row. */
	private readonly wanted = new Map<string, OutageTime>();
	private readonly written = new Set<string>();
	private isWriting = false;
	private isStopped = false;

	constructor(
		private readonly address: NodeAddress,
		private readonly register: Table,
		private readonly ports: {
			now(): number;
			sleep(milliseconds: number): Promise<void>;
			failed(failure: TableFailure): void;
		},
	) {}

	/** Reads all outages that are remembered. @throws {TableFailure} */
	async read(): Promise<OutageTime[]> {
		const rows = await this.register.read(this.own(), MOST_READ);
		return rows.flatMap(({ name, at_ms: sinceMs, beat: untilMs }) => {
			// A user has edited the row.
			if (typeof name !== 'string' || !isTime(sinceMs) || !(untilMs === null || isTime(untilMs))) return [];
			this.written.add(name);
			return [{ id: name, sinceMs, untilMs }];
		});
	}

	/** Writes that an outage began or ended. Tries until it is written. Never rejects. */
	async write(outage: OutageTime): Promise<void> {
		this.wanted.set(outage.id, outage);
		if (this.isWriting) return;
		this.isWriting = true;
		for (let [next] = this.wanted; next !== undefined && !this.isStopped; [next] = this.wanted) {
			const [id, wanted] = next;
			try {
				await this.writeOnce(wanted);
				if (this.wanted.get(id) === wanted) this.wanted.delete(id);
			} catch (error) {
				this.ports.failed(asTableFailure(error));
				await this.ports.sleep(WRITE_AGAIN_MS);
			}
		}
		this.isWriting = false;
	}

	/** Stops writing. */
	stop(): void {
		this.isStopped = true;
	}

	/** Removes outages that began longer ago than the longest age of an event. */
	async forgetOld(maxAgeMs: number): Promise<void> {
		const beforeMs = this.ports.now() - maxAgeMs - REMEMBERED_ON_TOP_MS;
		await this.register.remove([...this.own(), lt('at_ms', beforeMs)]);
	}

	private async writeOnce({ id, sinceMs, untilMs }: OutageTime): Promise<void> {
		const { workflowId: workflow_id, nodeId: node_id } = this.address;
		if (this.written.has(id)) {
			await this.register.update([...this.own(), eq('name', id)], { beat: untilMs });
			return;
		}
		await this.register.insert([
			{ kind: KIND, name: id, workflow_id, node_id, at_ms: sinceMs, beat: untilMs },
		]);
		this.written.add(id);
	}

	private own(): Filter {
		return nodeRows(this.address, eq('kind', KIND));
	}
}
