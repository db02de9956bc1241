/**
 * The owner account of every user folder made here. It guards nothing: these instances listen on this machine
 * only.
 */
const owner = {
	email: 'demo@game-insights.example',
	firstName: 'Demo',
	lastName: 'Owner',
	password: 'GameInsights1',
};

module.exports = { owner };
