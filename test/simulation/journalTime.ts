/** A reproducible source of numbers from 0 to below 1 (mulberry32). */
export function seeded(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

interface Timer {
	readonly atMs: number;
	readonly order: number;
	readonly ring: () => void;
}

/** Time that jumps from one timer to the next. All promises that can settle do so in between. */
export class SimulatedTime {
	nowMs = 0;
	private readonly heap: Timer[] = [];
	private order = 0;

	readonly sleep = async (milliseconds: number): Promise<void> =>
		await new Promise((resolve) => this.at(this.nowMs + milliseconds, resolve));

	at(atMs: number, ring: () => void): void {
		this.heap.push({ atMs, order: this.order++, ring });
		let child = this.heap.length - 1;
		while (child > 0) {
			const parent = (child - 1) >> 1;
			if (!this.isBefore(child, parent)) return;
			this.swap(child, parent);
			child = parent;
		}
	}

	/** Goes on until something holds, or the time is over. */
	async until(holds: () => boolean, longestMs: number): Promise<boolean> {
		const endMs = this.nowMs + longestMs;
		await settle();
		while (!holds()) {
			const next = this.heap[0];
			if (next === undefined || next.atMs > endMs) return false;
			this.nowMs = Math.max(this.nowMs, next.atMs);
			// What is due at the same time rings in its order, and then settles together.
			while (this.heap[0] !== undefined && this.heap[0].atMs <= this.nowMs) this.pop().ring();
			await settle();
		}
		return true;
	}

	private pop(): Timer {
		const first = this.heap[0] as Timer;
		const last = this.heap.pop() as Timer;
		if (this.heap.length > 0) {
			this.heap[0] = last;
			this.sink();
		}
		return first;
	}

	private sink(): void {
		let parent = 0;
		for (;;) {
			let child = 2 * parent + 1;
			if (child >= this.heap.length) return;
			if (child + 1 < this.heap.length && this.isBefore(child + 1, child)) child++;
			if (!this.isBefore(child, parent)) return;
			this.swap(child, parent);
			parent = child;
		}
	}

	private isBefore(one: number, other: number): boolean {
		const a = this.heap[one] as Timer;
		const b = this.heap[other] as Timer;
		return a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs;
	}

	private swap(one: number, other: number): void {
		const kept = this.heap[one] as Timer;
		this.heap[one] = this.heap[other] as Timer;
		this.heap[other] = kept;
	}
}

async function settle(): Promise<void> {
	await new Promise((resolve) => setImmediate(resolve));
}
