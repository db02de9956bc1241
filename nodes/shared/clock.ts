/** Time, as it is handed in. */
export interface Clock {
	/** Milliseconds of a clock that is never set. */
	elapsedMs(): number;
	sleep(milliseconds: number): Promise<void>;
}
