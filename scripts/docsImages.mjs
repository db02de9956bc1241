/** Makes new pictures for the documentation, with the tests that show the node in a real browser. */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync(
	'npm',
	['run', '--silent', 'test:ui', '--', 'test/ui/pictures', 'test/ui/gettingStarted'],
	{
		stdio: 'inherit',
		env: { ...process.env, GAME_INSIGHTS_DOCS_IMAGES: 'write' },
		shell: process.platform === 'win32',
	},
);
process.exit(status ?? 1);
