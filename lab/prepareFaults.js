/** Jest's global set-up for the tests of faults: their programs, then everything that a real n8n needs. */
const prepare = require('./prepare');
const { demandAll, programsFor } = require('./programs');

module.exports = async () => {
	demandAll(programsFor.faults);
	await prepare();
};
