/** Sleeps that can be cut short: the sleep itself goes on, and nobody listens to it any more. */
export class Rest {
	private end: () => void = () => undefined;
	private isHurried = false;

	constructor(private readonly sleep: (milliseconds: number) => Promise<void>) {}

	/**
	 * Resolves after a time, or as soon as somebody is in a hurry; at once when somebody was since the last
	 * rest.
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
