/**
 * Which rooms may know which: `npm run lint` holds the code to it. The map is in docs/architecture.md.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
	forbidden: [
		{
			name: 'no-circles',
			comment: 'Files that import each other, types included, can only be read together.',
			severity: 'error',
			from: {},
			to: { circular: true },
		},
		{
			name: 'shared-knows-no-node',
			comment: 'What both nodes and the credentials use depends on neither.',
			severity: 'error',
			from: { path: '^nodes/shared/' },
			to: { path: '^(nodes/GameInsights|credentials/)' },
		},
		{
			name: 'pure-core-knows-no-shell',
			comment: 'The core is told what it needs to know of n8n, so that a simulation can stand in for it.',
			severity: 'error',
			from: { path: '^nodes/(shared|GameInsightsWebhook/(intake|queue|journal|items)|GameInsights/send)/' },
			to: {
				path: '^nodes/GameInsightsWebhook/(n8n|endpoint)/|^nodes/GameInsights(Webhook)?/[^/]+\\.ts$',
			},
		},
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
	},
};
