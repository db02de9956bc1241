/**
 * Jest's global set-up for tests on a real n8n of regular mode: one n8n for all files that ask for it by
 * `Instance.shared()`; `GAME_INSIGHTS_SHARED_N8N` tells them where it is. `removeShared.js` stops it.
 */
const { startN8n } = require('./realN8n');

module.exports = async () => {
	const n8n = await startN8n({ label: 'shared' }, (line) => process.stderr.write(`${line}\n`));
	process.env.GAME_INSIGHTS_SHARED_N8N = JSON.stringify({ userFolder: n8n.userFolder, port: n8n.port });
	/** @type {any} */ (globalThis).sharedN8n = n8n;
};
