/** Sleeps that can end early. The sleep itself goes on, but nothing waits for it any more. */
export class Rest {
	private end: () => void = () => undefined;
	private isHurried = false;

	constructor(private readonly sleep: (milliseconds: number) => Promise<void>) {}

	/**
	 * Resolves after a time, or as soon as `hurry` is called. Resolves at once when it was called since the
	 * last rest.
	 */
	async for(milliseconds: number): Promise<void> {
		if (!this.isHurried) {
			const hurried = new Promise<void>((resolve) => (this.end = resolve));
			await Promise.race([this.sleep(milliseconds), hurried]);
		}
		this.isHurried = false;
	}

	hurry(): void {
		this.isHurried = true;
		this.end();
	}
}
