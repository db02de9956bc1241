import { type TableFailure, asTableFailure } from './table';

/** How old the figures may be. */
const LOOK_EVERY_MS = 5_000;

/** What is measured. Either may reject. */
export interface Measures {
	/** How large the table is. */
	sizeBytes(): Promise<number>;
	/** Whether more rows wait than may. */
	isCrowded(): Promise<boolean>;
}

/**
 * Whether the table may take more. Asks in the background, so nobody but the very first waits for the answer.
 */
export class Capacity {
	private lookedAtMs = -Infinity;
	private looking: Promise<void> | null = null;
	private reason: string | null = null;

	constructor(
		private readonly measures: Measures,
		private readonly maxBytes: number,
		private readonly ports: { elapsedMs(): number; failed(failure: TableFailure): void },
	) {}

	/** Why nothing may be taken now, for the operator; null when it may. */
	async obstacle(): Promise<string | null> {
		const isFirst = this.lookedAtMs === -Infinity;
		if (this.ports.elapsedMs() - this.lookedAtMs >= LOOK_EVERY_MS) this.looking ??= this.look();
		if (isFirst) await this.looking;
		return this.reason;
	}

	private async look(): Promise<void> {
		try {
			const sizeBytes = await this.measures.sizeBytes();
			if (sizeBytes >= this.maxBytes) {
				const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
				this.reason = `the journal table has ${megabytes(sizeBytes)}, and may have ${megabytes(this.maxBytes)} (option Max Journal Size). Delete dead letters that are no longer needed`;
			} else if (await this.measures.isCrowded()) {
				this.reason = 'more events wait in the journal table than Max Pending Events allows';
			} else {
				this.reason = null;
			}
		} catch (error) {
			this.ports.failed(asTableFailure(error));
		}
		this.lookedAtMs = this.ports.elapsedMs();
		this.looking = null;
	}
}
