/**
 * The rules of this repository: n8n's for what is shipped, ours for everything. ESLint takes this file before
 * `eslint.config.mjs`, which is n8n's default word for word, as its strict mode asks; `npm run n8n-node`
 * holds what is shipped against that.
 */
const { n8nCommunityNodesPlugin } = require('@n8n/eslint-plugin-community-nodes');
const n8nNodesBase = require('eslint-plugin-n8n-nodes-base');
const { defineConfig, globalIgnores } = require('eslint/config');
const tseslint = require('typescript-eslint');

const shipped = ['nodes/**/*.ts', 'credentials/**/*.ts'];
const pureCore = ['intake', 'queue', 'journal', 'items', 'send', 'story']
	.map((folder) => `nodes/*/${folder}/**/*.ts`)
	.concat('nodes/shared/**/*.ts');

/** Globals of Node.js, for the plain JavaScript of the scripts. */
const nodeGlobals = Object.fromEntries(
	[
		...[
			'AbortSignal',
			'Buffer',
			'URL',
			'URLSearchParams',
			'WebSocket',
			'clearInterval',
			'clearTimeout',
			'console',
			'fetch',
		],
		...['process', 'setInterval', 'setTimeout', '__dirname', '__filename', 'exports', 'module', 'require'],
	].map((name) => [name, 'readonly']),
);

const handedIn =
	'The core is handed its time, randomness and waiting, so that a simulation can replay it from a seed.';

module.exports = defineConfig(
	globalIgnores(['dist/', 'coverage/', 'reports/', '.stryker-tmp/', '.n8n-lab/', 'lab/**/node_modules/']),

	// A rule is met or changed here, never switched off in a file: comments that try have no effect and are
	// reported.
	{ linterOptions: { noInlineConfig: true } },

	// Code is as long as Prettier lets it be.
	{
		rules: {
			'max-len': ['error', { code: 10_000, comments: 110, tabWidth: 2, ignoreUrls: true }],
		},
	},

	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.recommendedTypeChecked],
		languageOptions: {
			parserOptions: { projectService: true, tsconfigRootDir: __dirname },
		},
		rules: {
			'no-console': 'error',
			eqeqeq: 'error',
			'no-var': 'error',
			'prefer-const': 'error',
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
			'@typescript-eslint/switch-exhaustiveness-check': [
				'error',
				{ considerDefaultExhaustiveForUnions: true },
			],
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			// An interface may promise a promise where one implementation has nothing to wait for.
			'@typescript-eslint/require-await': 'off',
		},
	},

	{
		files: [...shipped, 'package.json'],
		extends: [n8nCommunityNodesPlugin.configs.recommended],
	},
	{
		files: ['package.json'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
		rules: n8nNodesBase.configs.community.rules,
	},
	// The same three exceptions as in n8n's own scanner and node CLI: rules that are older than what they
	// check.
	{
		files: ['credentials/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: {
			...n8nNodesBase.configs.credentials.rules,
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: {
			...n8nNodesBase.configs.nodes.rules,
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
		},
	},

	{
		files: pureCore,
		rules: {
			'@typescript-eslint/no-restricted-imports': [
				'error',
				{
					patterns: [
						{
							group: ['n8n-workflow', 'n8n-core', 'n8n-workflow/*', 'n8n-core/*'],
							allowTypeImports: true,
							message: 'The core runs without n8n; only the node file beside it talks to n8n.',
						},
						{
							group: ['crypto', 'node:crypto'],
							importNames: ['randomUUID', 'randomBytes', 'randomInt', 'getRandomValues'],
							message: handedIn,
						},
					],
				},
			],
			'no-restricted-properties': [
				'error',
				{ object: 'Date', property: 'now', message: handedIn },
				{ object: 'Math', property: 'random', message: handedIn },
				{ object: 'performance', property: 'now', message: handedIn },
				{ object: 'crypto', property: 'randomUUID', message: handedIn },
				{ object: 'crypto', property: 'getRandomValues', message: handedIn },
			],
			'no-restricted-syntax': [
				'error',
				{ selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: handedIn },
				{ selector: "CallExpression[callee.name='Date']", message: handedIn },
			],
		},
	},

	{
		files: ['test/**/*.ts'],
		rules: {
			// Answers of n8n and items of workflows are what they are; each test states what it expects of them.
			'@typescript-eslint/no-unsafe-argument': 'off',
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-call': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
			'@typescript-eslint/no-unsafe-return': 'off',
			'@typescript-eslint/no-explicit-any': 'off',
			'no-restricted-syntax': [
				'error',
				{
					selector:
						'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo)$/], CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
					message: 'Every test runs, every time.',
				},
			],
		},
	},

	{
		files: ['**/*.{js,mjs}'],
		extends: [tseslint.configs.base],
		languageOptions: { globals: nodeGlobals },
		rules: {
			eqeqeq: 'error',
			'no-undef': 'error',
			'no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
			'no-var': 'error',
			'prefer-const': 'error',
		},
	},
);
