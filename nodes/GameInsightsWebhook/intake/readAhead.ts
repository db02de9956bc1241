import { readEvents } from './events';
import type { Source } from './source';

/** All texts whose values are kept may be this long together, in characters. */
const LONGEST_KEPT = 4 * 1024 * 1024;

/**
 * Values that were read from a source to check them, for the execution that begins with them soon after in
 * the same process: it need not read them once more. Each is given away once, so that every other attempt
 * reads its own; what nobody asks for is pushed out by what comes later.
 */
export class ReadAhead {
	/** The longest kept comes first. */
	private readonly kept = new Map<Source, readonly unknown[]>();
	private length = 0;

	/** @param values as `readEvents` gives them; nobody may change them any more */
	keep(source: Source, values: readonly unknown[]): void {
		this.forget(source);
		this.kept.set(source, values);
		this.length += source.text.length;
		for (const oldest of this.kept.keys()) {
			if (this.length <= LONGEST_KEPT) return;
			this.forget(oldest);
		}
	}

	/** The source's values, to look at: as they were kept, else as `readEvents` gives and throws. */
	readonly view = (source: Source): readonly unknown[] => this.kept.get(source) ?? readEvents(source);

	/** The source's values, which are the caller's own from here on. */
	readonly take = (source: Source): readonly unknown[] => {
		const values = this.view(source);
		this.forget(source);
		return values;
	};

	private forget(source: Source): void {
		if (this.kept.delete(source)) this.length -= source.text.length;
	}
}
