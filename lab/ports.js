/** Finds TCP ports on 127.0.0.1. */
const { randomInt } = require('node:crypto');
const { createServer } = require('node:net');
const { PlainError } = require('./plainError');

/**
 * Lower than the ports that systems use for outgoing connections: such a connection could take a port before
 * it is used here.
 */
const LOWEST = 15_000;
const HIGHEST = 30_000;

/** @returns {Promise<number>} a port on which no program listens */
async function freePort() {
	for (;;) {
		try {
			return await listenOnce(randomInt(LOWEST, HIGHEST));
		} catch (error) {
			if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EADDRINUSE') throw error;
		}
	}
}

/**
 * @param {number} port
 * @throws {PlainError} when a program already listens there
 */
async function demandFree(port) {
	try {
		await listenOnce(port);
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EADDRINUSE') throw error;
		throw new PlainError(
			`Port ${port} is taken by another program. Stop it, or choose another port: npm start -- --port 5688`,
		);
	}
}

/**
 * @param {number} port
 * @returns {Promise<number>}
 */
function listenOnce(port) {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => {
			const address = /** @type {import('node:net').AddressInfo} */ (server.address());
			server.close(() => resolve(address.port));
		});
	});
}

module.exports = { demandFree, freePort };
