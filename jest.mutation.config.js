const { projects } = require('./jest.config.js');

/**
 * For mutation testing: the unit tests of intake/ alone, without their type check, since a mutant need not fit the
 * types to show that a test would miss it.
 */
const unit = projects.find(({ displayName }) => displayName === 'unit');

module.exports = {
	...unit,
	testMatch: ['<rootDir>/test/nodes/GameInsightsWebhook/intake/**/*.test.ts'],
	transform: { '^.+\\.m?[jt]s$': ['ts-jest', { tsconfig: 'tsconfig.test.json', diagnostics: false }] },
};
