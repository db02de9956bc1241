/** One event that has a value of `orderBy`, from when it came until it was processed or given up. */
interface Entry {
	readonly id: string;
	readonly key: string;
	/** An event that came later has started without it: it must never start again. */
	isPassed: boolean;
}

/** An execution under way. */
export interface Running {
	readonly keys: ReadonlySet<string>;
	/** What it runs in: all that ran there is over when it is killed. */
	readonly place: { readonly isAlive: boolean };
}

/**
 * Watches from outside that events with the same value never overtake each other and are never in two
 * executions at once.
 */
export class OrderBooks {
	deliveries = 0;
	executions = 0;
	outOfOrder = 0;
	sideBySide = 0;
	/** What went wrong first. */
	readonly faults: string[] = [];
	private readonly entries = new Map<string, Entry>();
	private readonly lanes = new Map<string, Entry[]>();
	private readonly running = new Map<string, Running>();

	/** How many events with a value are on their way. */
	get open(): number {
		return this.entries.size;
	}

	/** An event was taken; in the order in which they came. What comes again is the same event. */
	came(id: string, key: string | null): void {
		if (key === null || this.entries.has(id)) return;
		const entry = { id, key, isPassed: false };
		this.entries.set(id, entry);
		const lane = this.lanes.get(key);
		if (lane === undefined) this.lanes.set(key, [entry]);
		else lane.push(entry);
	}

	/** It was processed, is a dead letter, or was taken out again. */
	over(id: string): void {
		const entry = this.entries.get(id);
		if (entry === undefined) return;
		this.entries.delete(id);
		const lane = this.lanes.get(entry.key) as Entry[];
		lane.splice(lane.indexOf(entry), 1);
		if (lane.length === 0) this.lanes.delete(entry.key);
	}

	/** An execution starts with these events, in this order. */
	started(ids: readonly string[], place: Running['place'] = { isAlive: true }): Running {
		this.executions++;
		this.deliveries += ids.length;
		const byKey = new Map<string, Entry[]>();
		for (const id of ids) {
			const entry = this.entries.get(id);
			// What is over and comes once more was processed twice: a kill can do that, and it is counted
			// elsewhere.
			if (entry === undefined) continue;
			const own = byKey.get(entry.key);
			if (own === undefined) byKey.set(entry.key, [entry]);
			else own.push(entry);
		}
		const execution: Running = { keys: new Set(byKey.keys()), place };
		for (const [key, own] of byKey) {
			if (this.running.get(key)?.place.isAlive === true) {
				this.sideBySide++;
				this.faults.push(`${own[0]?.id} starts beside another one of ${key}`);
			}
			this.running.set(key, execution);
			this.inOrder(this.lanes.get(key) as Entry[], own);
		}
		return execution;
	}

	ended(execution: Running): void {
		for (const key of execution.keys) if (this.running.get(key) === execution) this.running.delete(key);
	}

	private inOrder(lane: readonly Entry[], own: readonly Entry[]): void {
		let next = 0;
		for (const entry of lane) {
			if (next === own.length) break;
			if (!own.includes(entry)) {
				entry.isPassed = true;
				continue;
			}
			if (entry.isPassed || entry !== own[next]) {
				this.outOfOrder++;
				this.faults.push(
					`${entry.id} of ${entry.key} ${entry.isPassed ? 'was overtaken' : 'is out of order'}`,
				);
			}
			next++;
		}
	}
}
