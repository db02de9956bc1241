/**
 * How sources become a file that n8n loads. Used by the build, and by tests that check a library in its
 * bundled form.
 */

/** The modules that the bundles may load when n8n runs them. Everything else has to be bundled. */
const loadedFromN8n = ['n8n-workflow'];

/**
 * Libraries write `globalThis.Map` for `Map`. n8n's scanner forbids `globalThis`, so it is replaced by the
 * plain name. Names that are not in this list stay, and the scanner finds them.
 */
const standardBuiltIns = [
	...['ArrayBuffer', 'Date', 'Map', 'Object', 'RegExp', 'Set', 'TextDecoder', 'TextEncoder'],
	...[
		'Int8Array',
		'Int16Array',
		'Int32Array',
		'Uint8Array',
		'Uint8ClampedArray',
		'Uint16Array',
		'Uint32Array',
	],
	...['BigInt64Array', 'BigUint64Array', 'Float32Array', 'Float64Array'],
];

/**
 * Our own code is not minified, so that reviewers can read it.
 * @type {import('esbuild').BuildOptions}
 */
exports.bundling = {
	bundle: true,
	platform: 'node',
	target: 'node20',
	format: 'cjs',
	// Node.js 20 has them all. Otherwise esbuild writes them as calls, which stay in files that don't use them.
	supported: { 'regexp-unicode-property-escapes': true },
	charset: 'utf8',
	external: loadedFromN8n,
	define: Object.fromEntries(standardBuiltIns.map((name) => [`globalThis.${name}`, name])),
	legalComments: 'inline',
	logLevel: 'warning',
};
