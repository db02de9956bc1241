/** An error whose message says all a person needs to know; commands print it without a stack. */
class PlainError extends Error {
	/** @param {string} message */
	constructor(message) {
		super(message);
		this.name = 'PlainError';
	}
}

module.exports = { PlainError };
