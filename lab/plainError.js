/** An error whose message is all that a person needs to know. Commands print it without a stack. */
class PlainError extends Error {
	/** @param {string} message */
	constructor(message) {
		super(message);
		this.name = 'PlainError';
	}
}

module.exports = { PlainError };
