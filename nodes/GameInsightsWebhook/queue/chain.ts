/** An entry of a {@link Chain}. It is needed to remove the value again. */
export interface Link<T> {
	readonly value: T;
	/** Rises with each append over all chains that share a counter. So it shows which value came first. */
	readonly order: number;
	previous: Link<T> | null;
	next: Link<T> | null;
}

/**
 * First in, first out, with removal at any position, all in constant time. An array has to shift its
 * elements, and a `Map` or `Set` has to skip everything that was deleted before its first element: both get
 * slower the more values wait.
 */
export class Chain<T> {
	first: Link<T> | null = null;
	last: Link<T> | null = null;

	constructor(private readonly counter: { next: number } = { next: 0 }) {}

	/** The order of its first link: chains that share a counter can be compared by it. Infinity when empty. */
	get firstOrder(): number {
		return this.first?.order ?? Infinity;
	}

	append(value: T): Link<T> {
		const link: Link<T> = { value, order: this.counter.next++, previous: this.last, next: null };
		if (this.last === null) this.first = link;
		else this.last.next = link;
		this.last = link;
		return link;
	}

	/** Inserts a value before a link of this chain. */
	insert(value: T, next: Link<T>): Link<T> {
		const { previous } = next;
		const link: Link<T> = { value, order: next.order, previous, next };
		if (previous === null) this.first = link;
		else previous.next = link;
		next.previous = link;
		return link;
	}

	/** Removes a link of this chain. Each link may be removed only once. */
	remove(link: Link<T>): void {
		if (link.previous === null) this.first = link.next;
		else link.previous.next = link.next;
		if (link.next === null) this.last = link.previous;
		else link.next.previous = link.previous;
	}
}
