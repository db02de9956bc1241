/** The values that a signature needs besides the credential. */
export interface Occasion {
	/** Milliseconds since the epoch. */
	readonly nowMs: number;
	/** Returns a new unique id, for schemes that sign an id with each message. */
	readonly newId: () => string;
}

/**
 * The headers that prove to a Game Insights Webhook who sends these bytes. They have to be made again for
 * every request, because most of them contain the time.
 */
export type Signer = (body: Buffer, occasion: Occasion) => Promise<Readonly<Record<string, string>>>;
