import { nodeRows } from './nodeRows';
import type { NodeAddress } from '../../shared/journal/columns';
import {
	type Table,
	type TableFailure,
	asTableFailure,
	eq,
	lt,
	type Filter,
} from '../../shared/dataTables/table';

/** How long keys are collected before they are written. */
const GATHER_MS = 500;
/** The most keys in one row. */
const MOST_KEYS = 2_000;
/** The most keys that are read back: the queue remembers no more either. */
const MOST_READ = 100_000;
const PAGE = 250;

const KIND = 'keys';

/** The keys in a cell. None if a user has edited it: a lost key can at most let a repeat run again. */
function keysIn(text: string): string[] {
	try {
		const keys: unknown = JSON.parse(text);
		return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
	} catch {
		return [];
	}
}

/** Stores which events were processed lately, so that it is known after the end of this process. */
export class ProcessedKeys {
	private gathered: string[] = [];
	private isWriting = false;

	constructor(
		private readonly address: NodeAddress,
		private readonly register: Pick<Table, 'insert' | 'read' | 'remove'>,
		private readonly ports: {
			now(): number;
			sleep(milliseconds: number): Promise<void>;
			failed(failure: TableFailure): void;
		},
	) {}

	add(key: string): void {
		this.gathered.push(key);
		if (!this.isWriting) void this.write();
	}

	/** Writes the collected keys. */
	async flush(): Promise<void> {
		const keys = this.gathered.splice(0);
		if (keys.length === 0) return;
		const at_ms = this.ports.now();
		const { workflowId: workflow_id, nodeId: node_id } = this.address;
		const rows = [];
		for (let from = 0; from < keys.length; from += MOST_KEYS) {
			const part = JSON.stringify(keys.slice(from, from + MOST_KEYS));
			rows.push({ kind: KIND, name: '', workflow_id, node_id, at_ms, keys: part });
		}
		try {
			await this.register.insert(rows);
		} catch (error) {
			// A lost key lets a repeat run again. No event is lost by it.
			this.ports.failed(asTableFailure(error));
		}
	}

	/** The keys of the events that were processed within the window, the oldest first. */
	async read(windowMs: number): Promise<Array<{ key: string; processedAtMs: number }>> {
		const found: Array<{ key: string; processedAtMs: number }> = [];
		for (let offset = 0; found.length < MOST_READ; offset += PAGE) {
			const rows = await this.register.read(this.own(), PAGE, offset);
			for (const row of rows) {
				const { at_ms: processedAtMs, keys } = row;
				if (typeof processedAtMs !== 'number' || typeof keys !== 'string') continue;
				if (processedAtMs <= this.ports.now() - windowMs) continue;
				for (const key of keysIn(keys)) found.push({ key, processedAtMs });
			}
			if (rows.length < PAGE) break;
		}
		return found;
	}

	async forgetOld(windowMs: number): Promise<void> {
		await this.register.remove([...this.own(), lt('at_ms', this.ports.now() - windowMs)]);
	}

	private own(): Filter {
		return nodeRows(this.address, eq('kind', KIND));
	}

	private async write(): Promise<void> {
		this.isWriting = true;
		while (this.gathered.length > 0) {
			await this.ports.sleep(GATHER_MS);
			await this.flush();
		}
		this.isWriting = false;
	}
}
