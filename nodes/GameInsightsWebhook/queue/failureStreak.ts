/** Executions that failed one after the other, with none going well in between. */
export interface FailureStreak {
	/**
	 * Whether it is an outage: the breaker opened in it, and events failed alone. Then no failure is held
	 * against an event.
	 */
	readonly isOutage: boolean;
}
