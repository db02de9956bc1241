/** An entry with a due time. It is needed to remove the value again. */
export interface Due<T> {
	readonly value: T;
	/** On the monotonic clock. */
	readonly dueAtMs: number;
	/** Its index in the heap; -1 once it was removed. */
	position: number;
}

/** Holds values with a due time, the earliest first. Adding and removing take O(log n). */
export class DueHeap<T> {
	private readonly entries: Array<Due<T>> = [];

	/** When the earliest is due; infinity when there is none. */
	get nextDueAtMs(): number {
		return this.entries[0]?.dueAtMs ?? Number.POSITIVE_INFINITY;
	}

	get size(): number {
		return this.entries.length;
	}

	add(value: T, dueAtMs: number): Due<T> {
		const entry: Due<T> = { value, dueAtMs, position: this.entries.length };
		this.entries.push(entry);
		this.rise(entry);
		return entry;
	}

	/** Does nothing when the entry was already removed. */
	remove(entry: Due<T>): void {
		if (entry.position === -1) return;
		const last = this.entries.pop() as Due<T>;
		if (last !== entry) {
			this.put(last, entry.position);
			this.rise(last);
			this.sink(last);
		}
		entry.position = -1;
	}

	/** Removes and returns the earliest value if it is due. */
	takeDue(elapsedMs: number): T | undefined {
		const earliest = this.entries[0];
		if (earliest === undefined || earliest.dueAtMs > elapsedMs) return undefined;
		this.remove(earliest);
		return earliest.value;
	}

	private put(entry: Due<T>, position: number): void {
		this.entries[position] = entry;
		entry.position = position;
	}

	private rise(entry: Due<T>): void {
		while (entry.position > 0) {
			const parent = this.entries[(entry.position - 1) >> 1] as Due<T>;
			if (parent.dueAtMs <= entry.dueAtMs) return;
			this.swap(entry, parent);
		}
	}

	private sink(entry: Due<T>): void {
		for (;;) {
			const left = this.entries[2 * entry.position + 1];
			const right = this.entries[2 * entry.position + 2];
			const child = left !== undefined && right !== undefined && right.dueAtMs < left.dueAtMs ? right : left;
			if (child === undefined || child.dueAtMs >= entry.dueAtMs) return;
			this.swap(entry, child);
		}
	}

	private swap(one: Due<T>, other: Due<T>): void {
		const { position } = one;
		this.put(one, other.position);
		this.put(other, position);
	}
}
