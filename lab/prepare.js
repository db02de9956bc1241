/**
 * Jest's global set-up for the tests with a real n8n: the slow, shared part, done once and with progress
 * messages.
 */
const { prepare } = require('./realN8n');

module.exports = async () => {
	await prepare((line) => process.stderr.write(`${line}\n`));
};
