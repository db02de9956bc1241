import { readEvents } from '../../shared/events/events';
import type { Source } from '../../shared/events/source';

/** The largest total length of all texts whose values are kept, in characters. */
const LONGEST_KEPT = 4 * 1024 * 1024;

/**
 * Keeps values that were parsed to check them, for the execution that soon begins with them in the same
 * process. So that execution need not parse them again. Each value is returned only once, so that every other
 * attempt parses its own. Values that are not used are removed when newer ones come.
 */
export class ReadAhead {
	/** The oldest entry comes first. */
	private readonly kept = new Map<Source, readonly unknown[]>();
	private length = 0;

	/** @param values as returned by `readEvents`; they must not be changed any more */
	keep(source: Source, values: readonly unknown[]): void {
		this.forget(source);
		this.kept.set(source, values);
		this.length += source.text.length;
		if (this.length <= LONGEST_KEPT) return;
		for (const oldest of this.kept.keys()) {
			if (this.length <= LONGEST_KEPT) return;
			this.forget(oldest);
		}
	}

	/**
	 * The source's values, only to be read: the kept ones, or else those that `readEvents` returns or throws.
	 */
	readonly view = (source: Source): readonly unknown[] => this.kept.get(source) ?? readEvents(source);

	/** The source's values. From now on they belong to the caller. */
	readonly take = (source: Source): readonly unknown[] => {
		const values = this.view(source);
		this.forget(source);
		return values;
	};

	private forget(source: Source): void {
		if (this.kept.delete(source)) this.length -= source.text.length;
	}
}
