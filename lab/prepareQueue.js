/**
 * Jest's global set-up for the tests in queue mode: their programs, then everything that a real n8n needs.
 */
const prepare = require('./prepare');
const { demandAll, programsFor } = require('./programs');

module.exports = async () => {
	demandAll(programsFor.queue);
	await prepare();
};
