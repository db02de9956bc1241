/** Jest's global teardown: stops the n8n of `prepareShared.js`. */
module.exports = async () => {
	await /** @type {any} */ (globalThis).sharedN8n.remove();
};
