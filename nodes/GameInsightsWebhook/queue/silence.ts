/** When somebody wants to know that nothing comes. */
export interface SilenceAlert {
	/** In milliseconds. */
	readonly afterMs: number;
	/** The endpoint's name, as the user gave it. */
	readonly endpoint: string;
}

/** Minds how long nothing has come. All times are on the clock that is never set. */
export class Silence {
	private alert: SilenceAlert | null = null;
	private isOpen = false;
	private sinceMs = 0;
	private hasAnythingCome = false;
	private isTold = false;

	/**
	 * The workflow was published: the time starts. What was told is not told again before something has come.
	 */
	open(alert: SilenceAlert | undefined, elapsedMs: number): void {
		this.alert = alert ?? null;
		this.isOpen = true;
		this.sinceMs = elapsedMs;
		this.hasAnythingCome = false;
	}

	close(): void {
		this.isOpen = false;
	}

	/** When it is to be told; infinity when it is not. */
	get dueAtMs(): number {
		return this.alert === null || !this.isOpen || this.isTold ? Infinity : this.sinceMs + this.alert.afterMs;
	}

	/** Something has come. @returns for how long nothing had, when that was told; null otherwise */
	came(elapsedMs: number): { readonly alert: SilenceAlert; readonly silentMs: number } | null {
		const { alert, isTold } = this;
		const silentMs = elapsedMs - this.sinceMs;
		this.sinceMs = elapsedMs;
		this.hasAnythingCome = true;
		this.isTold = false;
		return isTold && alert !== null ? { alert, silentMs } : null;
	}

	/** @returns for how long nothing has come, when that is to be told now; null otherwise. */
	tell(
		elapsedMs: number,
	): { readonly alert: SilenceAlert; readonly silentMs: number; readonly hasAnythingCome: boolean } | null {
		const { alert, hasAnythingCome } = this;
		if (alert === null || elapsedMs < this.dueAtMs) return null;
		this.isTold = true;
		return { alert, silentMs: elapsedMs - this.sinceMs, hasAnythingCome };
	}
}
