/**
 * Compiles a file for jest, without looking at its types: `npm run typecheck` does that once for all files.
 * With ts-jest, which looks at them again in every worker, the unit tests took twice as long.
 */
const esbuild = require('esbuild');

module.exports = {
	/**
	 * @param {string} source
	 * @param {string} file
	 * @returns {{ code: string, map: string }} CommonJS, with its source map
	 */
	process(source, file) {
		const { code, map } = esbuild.transformSync(source, {
			loader: /\.m?ts$/.test(file) ? 'ts' : 'js',
			format: 'cjs',
			// jest can't import while a test runs.
			supported: { 'dynamic-import': false },
			target: 'node20',
			sourcemap: 'external',
			sourcefile: file,
		});
		return { code, map };
	},
};
