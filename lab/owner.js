/**
 * The owner account of every user folder that is made here. It protects nothing: these instances only listen
 * on this machine.
 */
const owner = {
	email: 'demo@game-insights.example',
	firstName: 'Demo',
	lastName: 'Owner',
	password: 'GameInsights1',
};

module.exports = { owner };
