/** What a signature is made of besides the credential. */
export interface Occasion {
	/** Milliseconds since the epoch. */
	readonly nowMs: number;
	/** Never used before: for schemes that sign an id with each message. */
	readonly newId: () => string;
}

/**
 * The headers that prove to a Game Insights Webhook who sends these bytes; to be made anew for every request,
 * because most of them say when.
 */
export type Signer = (body: Buffer, occasion: Occasion) => Promise<Readonly<Record<string, string>>>;
