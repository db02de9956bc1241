/** After how long without events to send an alert. */
export interface SilenceAlert {
	/** In milliseconds. */
	readonly afterMs: number;
	/** The endpoint's name, as the user gave it. */
	readonly endpoint: string;
}

/** Measures for how long no request has come. All times are on the monotonic clock. */
export class Silence {
	private alert: SilenceAlert | null = null;
	private isOpen = false;
	private sinceMs = 0;
	private hasAnythingCome = false;
	private isAlertSent = false;

	/**
	 * The workflow was published, so the time starts. An alert that was sent is not sent again before a request
	 * has come.
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

	/** When the alert is due. Infinity when there is none. */
	get dueAtMs(): number {
		return this.alert === null || !this.isOpen || this.isAlertSent
			? Infinity
			: this.sinceMs + this.alert.afterMs;
	}

	/** A request has come. @returns how long the silence was, if an alert was sent for it; null otherwise */
	requestArrived(elapsedMs: number): { readonly alert: SilenceAlert; readonly silentMs: number } | null {
		const { alert, isAlertSent } = this;
		const silentMs = elapsedMs - this.sinceMs;
		this.sinceMs = elapsedMs;
		this.hasAnythingCome = true;
		this.isAlertSent = false;
		return isAlertSent && alert !== null ? { alert, silentMs } : null;
	}

	/** @returns for how long no request has come, if the alert is due now; null otherwise. */
	takeDueAlert(
		elapsedMs: number,
	): { readonly alert: SilenceAlert; readonly silentMs: number; readonly hasAnythingCome: boolean } | null {
		const { alert, hasAnythingCome } = this;
		if (alert === null || elapsedMs < this.dueAtMs) return null;
		this.isAlertSent = true;
		return { alert, silentMs: elapsedMs - this.sinceMs, hasAnythingCome };
	}
}
