import { type TableFailure, asTableFailure } from '../../shared/dataTables/table';

/** How old the figures may be, in milliseconds. */
const LOOK_EVERY_MS = 5_000;

/** What is measured. Both calls may reject. */
export interface Measures {
	/** The size of the table in bytes. */
	sizeBytes(): Promise<number>;
	/** Whether more rows wait than allowed. */
	isCrowded(): Promise<boolean>;
}

/**
 * Whether the table may take more. It asks in the background, so only the first caller waits for the answer.
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

	/** Why the table may take nothing now, as a text for the operator. Null when it may. */
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
