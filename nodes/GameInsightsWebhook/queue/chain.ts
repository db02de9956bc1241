/** A place in a {@link Chain}; what was appended is removed by it. */
export interface Link<T> {
	readonly value: T;
	/** Rises with each append over all chains that share a counter, so it tells who came first. */
	readonly order: number;
	previous: Link<T> | null;
	next: Link<T> | null;
}

/**
 * First in, first out, with removal from anywhere, all in constant time. An array would be shifted, and a
 * `Map` or `Set` has to step over everything deleted before its first element: both get slower the more wait.
 */
export class Chain<T> {
	first: Link<T> | null = null;
	last: Link<T> | null = null;

	constructor(private readonly counter: { next: number } = { next: 0 }) {}

	append(value: T): Link<T> {
		const link: Link<T> = { value, order: this.counter.next++, previous: this.last, next: null };
		if (this.last === null) this.first = link;
		else this.last.next = link;
		this.last = link;
		return link;
	}

	/** Puts a value before a link of this chain. */
	insert(value: T, next: Link<T>): Link<T> {
		const { previous } = next;
		const link: Link<T> = { value, order: next.order, previous, next };
		if (previous === null) this.first = link;
		else previous.next = link;
		next.previous = link;
		return link;
	}

	/** Removes a link of this chain; each at most once. */
	remove(link: Link<T>): void {
		if (link.previous === null) this.first = link.next;
		else link.previous.next = link.next;
		if (link.next === null) this.last = link.previous;
		else link.next.previous = link.previous;
	}
}
