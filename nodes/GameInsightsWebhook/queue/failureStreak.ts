/** Executions that failed one after the other, without a success in between. */
export interface FailureStreak {
	/**
	 * Whether it is an outage: the breaker opened in it, and events failed alone. Then these failures do not
	 * count as attempts of the events.
	 */
	readonly isOutage: boolean;
}
