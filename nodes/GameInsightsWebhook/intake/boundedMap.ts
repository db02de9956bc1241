/** A map with a limit. When it is full, the entry that was set first is removed. */
export class BoundedMap<Value> extends Map<string, Value> {
	/** @param most how many entries are kept, at least 1 */
	constructor(private readonly most: number) {
		super();
	}

	override set(key: string, value: Value): this {
		this.delete(key);
		super.set(key, value);
		const oldest = this.keys().next();
		if (this.size > this.most && !oldest.done) this.delete(oldest.value);
		return this;
	}
}
