/** The result for a body in which no events can be found. */
export class UnreadableBody {
	constructor(
		/** HTTP status for the sender. */
		readonly status: 400 | 415,
		/** The rule that was broken. */
		readonly rule: 'json' | 'type' | 'encoding' | 'media_type',
		/** One plain sentence, without its full stop. */
		readonly message: string,
	) {}
}
