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
			name: 'nodes-know-not-each-other',
			comment: 'What one node needs of the other is in shared/, or handed in by nodes/running.ts.',
			severity: 'error',
			from: { path: '^nodes/(GameInsights|GameInsightsWebhook)/' },
			to: { path: '^nodes/GameInsights(Webhook)?/', pathNot: '^nodes/$1/' },
		},
		{
			name: 'credentials-know-no-node',
			comment: 'What a credential shares with the nodes is in shared/.',
			severity: 'error',
			from: { path: '^credentials/' },
			to: { path: '^nodes/', pathNot: '^nodes/shared/' },
		},
		{
			name: 'pure-core-knows-no-shell',
			comment: 'The core is told what it needs to know of n8n, so that a simulation can stand in for it.',
			severity: 'error',
			from: {
				path: '^nodes/(shared|GameInsightsWebhook/(intake|queue|journal|items)|GameInsights/(send|story))/',
			},
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
