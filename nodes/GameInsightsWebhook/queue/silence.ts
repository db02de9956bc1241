import type { SilenceAlert } from './deliverySettings';
import { silenceNotice, silenceOverNotice } from '../items/notice';
import type { Notices } from './notices';

/**
 * Watches for how long no request has come. It sends a notice when that becomes too long, and another one
 * when requests come again. All times are on the monotonic clock.
 */
export class Silence {
	private alert: SilenceAlert | null = null;
	private isOpen = false;
	private sinceMs = 0;
	private hasAnythingCome = false;
	private isAlertSent = false;

	constructor(private readonly notices: Pick<Notices, 'send'>) {}

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

	/** The workflow is no longer published: no alert is sent. */
	close(): void {
		this.isOpen = false;
	}

	/** When the alert is due. Infinity when there is none. */
	get dueAtMs(): number {
		return this.alert === null || !this.isOpen || this.isAlertSent
			? Infinity
			: this.sinceMs + this.alert.afterMs;
	}

	/** A request has come. If an alert was sent for the silence before it, a notice says that it is over. */
	requestArrived(elapsedMs: number): void {
		const { alert, isAlertSent } = this;
		const silentMs = elapsedMs - this.sinceMs;
		this.sinceMs = elapsedMs;
		this.hasAnythingCome = true;
		this.isAlertSent = false;
		if (isAlertSent && alert !== null) {
			const report = { silentMs, hasAnythingCome: true };
			this.notices.send((frame) => silenceOverNotice({ ...frame, ...report }), alert.endpoint);
		}
	}

	/** Sends the alert, if it is due now. */
	sendDueAlert(elapsedMs: number): void {
		const { alert, hasAnythingCome } = this;
		if (alert === null || elapsedMs < this.dueAtMs) return;
		this.isAlertSent = true;
		const report = { silentMs: elapsedMs - this.sinceMs, hasAnythingCome };
		this.notices.send((frame) => silenceNotice({ ...frame, ...report }), alert.endpoint);
	}
}
