/** Jest's global set-up for the tests of faults: their programs, then what every real n8n needs. */
const prepare = require('./prepare');
const { PlainError } = require('./plainError');
const { ensurePrograms, programsFor } = require('./programs');

module.exports = async () => {
	const missing = await ensurePrograms(programsFor.faults, (line) => process.stderr.write(`${line}\n`));
	if (missing !== null) throw new PlainError(missing);
	await prepare();
};
