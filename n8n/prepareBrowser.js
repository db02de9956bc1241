/** Jest's global set-up for the tests in a browser: the browser, then what every real n8n needs. */
const prepare = require('./prepare');
const { PlainError } = require('./plainError');
const { ensurePrograms, programsFor } = require('./programs');

module.exports = async () => {
	const missing = await ensurePrograms(programsFor.ui, (line) => process.stderr.write(`${line}\n`));
	if (missing !== null) throw new PlainError(missing);
	await prepare();
};
