/**
 * The checks of the package. `npm test` runs each check with its `quick` arguments, `npm run test:all` runs
 * all of it. Only `test:all` runs tests in files `*.long.test.ts`.
 */
import { programsFor } from '../lab/programs.js';

/**
 * @typedef {object} Check
 * @property {string} name as shown in the summary
 * @property {string} script of package.json
 * @property {string[] | null} [quick] its arguments in `npm test`; none by default; null to run only in
 * `test:all`
 * @property {string[]} [all] its arguments in `test:all`; none by default
 * @property {boolean} [tests] whether jest runs it, and counts its tests
 * @property {boolean} [isLong] whether it takes long or loads the machine; other checks run at the same time
 * @property {import('../lab/programs.js').Program[]} [needs] the check is left out without these
 */

/** Test files without another word before `.test.ts`. */
const short = (/** @type {string} */ folder, names = '[^.]+') => [`/${folder}/${names}\\.test\\.ts$`];

/** @type {Check[]} */
export const checks = [
	{ name: 'lint and format', script: 'lint' },
	{ name: 'types', script: 'typecheck' },
	{ name: 'unit tests', script: 'test:unit', tests: true, quick: [], all: ['--coverage'] },
	{ name: "n8n's scanner", script: 'scan' },
	{ name: "n8n's tool for authors", script: 'n8n-node' },
	{ name: "n8n's engine", script: 'test:engine', tests: true },
	{ name: 'real n8n', script: 'test:e2e', isLong: true, tests: true, quick: short('e2e') },
	{ name: 'simulation', script: 'test:simulation', tests: true },
	{ name: 'suites and fuzzing', script: 'test:suites', tests: true },
	{
		...{ name: 'queue mode', script: 'test:queue', tests: true },
		...{ needs: programsFor.queue, quick: short('queue') },
	},
	{
		...{ name: 'a browser', script: 'test:ui', tests: true },
		...{ needs: programsFor.ui, quick: short('ui') },
	},
	{
		...{ name: 'real n8n 1', script: 'test:e2e:1', tests: true },
		quick: short('e2e', '(authentication|withoutDataTables|lifecycle)'),
	},
	{
		...{ name: 'faults', script: 'test:faults', isLong: true, tests: true },
		...{ needs: programsFor.faults, quick: null },
	},
	{ name: 'benchmark, short', script: 'bench', isLong: true, quick: null, all: ['--short'] },
];
