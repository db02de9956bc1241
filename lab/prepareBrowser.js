/** Jest's global set-up for the tests in a browser: its program, then what every real n8n needs. */
const prepare = require('./prepare');
const { demandAll, programsFor } = require('./programs');

module.exports = async () => {
	demandAll(programsFor.ui);
	await prepare();
};
