/**
 * How sources become a file that n8n loads, shared by the build and by tests that prove a library "as
 * bundled".
 */

/** What the bundles may load when n8n runs them; everything else has to be inside. */
const loadedFromN8n = ['n8n-workflow'];

/**
 * Libraries say `globalThis.Map` for plain `Map`. n8n's scanner forbids `globalThis`, so they get the plain
 * name; what is not named here stays, and the scanner finds it.
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
 * Left unminified for reviewers.
 * @type {import('esbuild').BuildOptions}
 */
exports.bundling = {
	bundle: true,
	platform: 'node',
	target: 'node20',
	format: 'cjs',
	charset: 'utf8',
	external: loadedFromN8n,
	define: Object.fromEntries(standardBuiltIns.map((name) => [`globalThis.${name}`, name])),
	legalComments: 'inline',
	logLevel: 'warning',
};
