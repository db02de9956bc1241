/**
 * Runs a command with another generation of n8n than the newest:
 * `node scripts/onGeneration.mjs 1 npm run test:e2e`. It sets an environment variable, which works the same
 * on every platform.
 */
import { spawnSync } from 'node:child_process';

const [generation, program, ...args] = process.argv.slice(2);
if (generation === undefined || program === undefined) {
	console.error('node scripts/onGeneration.mjs <generation> <command> [arguments]');
	process.exit(2);
}
const { status } = spawnSync(program, args, {
	stdio: 'inherit',
	env: { ...process.env, GAME_INSIGHTS_N8N: generation },
	shell: process.platform === 'win32',
});
process.exit(status ?? 1);
