const { generation } = require('./lab/paths');

const typescript = { '^.+\\.m?[jt]s$': '<rootDir>/test/support/transform.js' };

/** Nothing but these folders is searched: lab/node_modules alone holds some 200,000 files. */
const roots = ['credentials', 'nodes', 'scripts', 'test'].map((folder) => `<rootDir>/${folder}`);

const project = (displayName, testMatch, more = {}) => ({
	displayName,
	roots,
	testMatch,
	testEnvironment: 'node',
	transform: typescript,
	// These packages are ES modules only: they are compiled for jest like our own code.
	transformIgnorePatterns: [
		'/node_modules/(?!(content-type|jose|@octokit/webhooks-methods|pure-rand|fast-check|typebox)/)',
	],
	...more,
});

module.exports = {
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	projects: [
		// The quick loop.
		project(
			'unit',
			['nodes', 'credentials', 'docs', 'scripts'].map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
		),
		// Suites made by others, and what chance finds: the intake as bundled, with a million requests if you
		// like.
		project('suites', ['<rootDir>/test/suites/**/*.test.ts']),
		// The queue through thousands of histories, from seeds.
		project('simulation', ['<rootDir>/test/simulation/**/*.test.ts']),
		// The node in n8n-core's own engine, in process.
		project('engine', ['<rootDir>/test/engine/**/*.test.ts'], {
			modulePaths: ['<rootDir>/lab/node_modules'],
			// One copy for the node and the engine, as inside n8n: errors are recognised by their class.
			moduleNameMapper: { '^n8n-workflow$': '<rootDir>/lab/node_modules/n8n-workflow' },
		}),
		// The packed package in the real n8n of n8n/.
		project('e2e', ['<rootDir>/test/e2e/**/*.test.ts'], {
			globalSetup: '<rootDir>/lab/prepareShared.js',
			globalTeardown: '<rootDir>/lab/removeShared.js',
			// Durable needs what the public API of n8n 1 does not have.
			// Nor has it the settings and figures that tell the node's versions apart.
			testPathIgnorePatterns:
				generation === '1' ? ['e2e/durable', 'e2e/nodeVersions'] : ['e2e/withoutDataTables'],
		}),
		// n8n in queue mode, with a PostgreSQL and a Redis of its own.
		project('queue', ['<rootDir>/test/queue/**/*.test.ts'], { globalSetup: '<rootDir>/lab/prepareQueue.js' }),
		// Faults on purpose, under load; run by hand, its figures are in docs/scaling.md.
		project('faults', ['<rootDir>/test/faults/**/*.test.ts'], {
			globalSetup: '<rootDir>/lab/prepareFaults.js',
		}),
		// A real browser on a real n8n.
		project('ui', ['<rootDir>/test/ui/**/*.test.ts'], { globalSetup: '<rootDir>/lab/prepareBrowser.js' }),
	],
};
