/**
 * Compiles sources and tests beside themselves: Stryker runs this in its copy of the project, with all
 * mutants in it.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
await build({
	absWorkingDir: root,
	entryPoints: ['nodes/**/*.ts', 'test/nodes/**/*.ts', 'test/support/**/*.ts'],
	outdir: root,
	outbase: root,
	format: 'cjs',
	platform: 'node',
	target: 'node20',
	logLevel: 'warning',
});
