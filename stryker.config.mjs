/**
 * Mutation tests of a part of the node by its own tests: of `intake/`, or with `MUTATION_OF=queue` of another
 * one. `MUTATION_OF=shared` is `nodes/shared/`, which the tests of the intake prove too.
 * `MUTATION_FOLDER=parse npm run test:mutation` keeps to one of its folders, with the tests of that folder
 * alone: minutes instead of hours. `MUTATION_FOLDER=.` takes the files beside the folders.
 * `MUTATION_PART=2/5` takes each fifth file, from the second on, with all tests: a sample of the whole, and
 * after five such runs the whole.
 */
import { readdirSync } from 'node:fs';

const { MUTATION_OF: of = 'intake', MUTATION_FOLDER: folder, MUTATION_PART: share } = process.env;
const inside = folder === undefined ? '**/*' : folder === '.' ? '*' : `${folder}/**/*`;
const root = of === 'shared' ? 'nodes/shared' : `nodes/GameInsightsWebhook/${of}`;
const part = `${root}/${inside}`;
const name = [of, ...(folder === undefined || folder === '.' ? [] : [folder]), ...(share?.split('/') ?? [])];
const reports = `reports/mutation/${name.join('-')}`;

/** The files whose code is changed: those of the part, or of a share of it. */
function mutated() {
	if (share === undefined) return [`${part}.ts`];
	const [first, each] = share.split('/').map(Number);
	return readdirSync(root, { recursive: true })
		.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
		.sort()
		.filter((_, place) => place % each === first - 1)
		.map((file) => `${root}/${file}`);
}

// With all inputs of chance, as in `npm test`.
process.env.GAME_INSIGHTS_PROOF = '1';

export default {
	mutate: mutated(),
	buildCommand: 'node test/mutation/compile.mjs',
	testRunner: 'mocha',
	plugins: ['@stryker-mutator/mocha-runner'],
	mochaOptions: {
		require: ['./test/mutation/jestInterface.cjs'],
		spec: [
			`test/${part}.test.js`,
			...(of === 'intake' ? ['test/nodes/shared/**/*.test.js'] : []),
			...(of === 'shared' ? ['test/nodes/GameInsightsWebhook/intake/**/*.test.js'] : []),
		],
	},
	coverageAnalysis: 'perTest',
	ignoreStatic: true,
	concurrency: 2,
	timeoutMS: 5_000,
	dryRunTimeoutMinutes: 30,
	reporters: ['clear-text', 'progress', 'html', 'json'],
	clearTextReporter: { allowColor: false, allowEmojis: false, reportTests: false, logTests: false },
	htmlReporter: { fileName: `${reports}.html` },
	jsonReporter: { fileName: `${reports}.json` },
	tempDirName: '.stryker-tmp',
	ignorePatterns: ['/lab/node_modules', '/lab/generations', '/.n8n-lab', '/dist', '/coverage', '/reports'],
};
