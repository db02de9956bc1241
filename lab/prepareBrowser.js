/** Jest's global set-up for the tests in a browser: the browser, then everything that a real n8n needs. */
const prepare = require('./prepare');
const { demandAll, programsFor } = require('./programs');

module.exports = async () => {
	demandAll(programsFor.ui);
	await prepare();
};
