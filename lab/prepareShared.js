/**
 * Jest's global set-up for tests with a real n8n in regular mode: one n8n for all test files that call
 * `Instance.shared()`. `GAME_INSIGHTS_SHARED_N8N` contains its address. `removeShared.js` stops it.
 */
const { startN8n } = require('./realN8n');

module.exports = async () => {
	const n8n = await startN8n({ label: 'shared' }, (line) => process.stderr.write(`${line}\n`));
	process.env.GAME_INSIGHTS_SHARED_N8N = JSON.stringify({ userFolder: n8n.userFolder, port: n8n.port });
	/** @type {any} */ (globalThis).sharedN8n = n8n;
};
