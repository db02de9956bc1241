/** Functions for time, which are passed in. */
export interface Clock {
	/** Milliseconds of a monotonic clock. */
	elapsedMs(): number;
	sleep(milliseconds: number): Promise<void>;
}
