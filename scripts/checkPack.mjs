/**
 * `npm run check:pack`: whether `npm pack` would publish what it should, and nothing else. Says what is in
 * it, and ends with 1 when something is missing or superfluous.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What may be in the package; everything else is superfluous. */
const ALLOWED = [
	/^package\.json$/,
	/^(README|LICENSE|CHANGELOG)(\.md)?$/,
	/^index\.js$/,
	/^dist\/nodes\/\w+\/\w+\.node\.(js|json)$/,
	/^dist\/icons\/\w+(\.dark)?\.svg$/,
	/^dist\/nodes\/running\.js$/,
	/^dist\/nodes\/patternLibraries\.js$/,
	/^dist\/credentials\/\w+\.credentials\.js$/,
	/^dist\/THIRD-PARTY-LICENSES\.txt$/,
];
/** A library that was bundled by mistake shows here. */
const MOST_BYTES = 2_000_000;

const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
if (!existsSync(path.join(root, 'dist')))
	execFileSync('npm', ['run', 'build', '--silent'], { cwd: root, stdio: 'inherit' });
const [{ files, unpackedSize }] = JSON.parse(
	execFileSync('npm', ['pack', '--dry-run', '--json'], {
		cwd: root,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	}),
);

/** @type {string[]} */
const packed = files.map((/** @type {{ path: string }} */ { path: file }) => file).sort();
const required = [
	...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'index.js', 'dist/THIRD-PARTY-LICENSES.txt'],
	'dist/nodes/patternLibraries.js',
	'dist/nodes/running.js',
	...manifest.n8n.nodes,
	...manifest.n8n.nodes.map((/** @type {string} */ file) => `${file}on`),
	...manifest.n8n.credentials,
];
const findings = [
	...required.filter((file) => !packed.includes(file)).map((file) => `missing: ${file}`),
	...packed
		.filter((file) => !ALLOWED.some((pattern) => pattern.test(file)))
		.map((file) => `superfluous: ${file}`),
	...(unpackedSize > MOST_BYTES ? [`${unpackedSize} bytes unpacked; ${MOST_BYTES} are enough`] : []),
	...Object.keys(manifest.dependencies ?? {}).map((name) => `a runtime dependency: ${name}`),
	...['preinstall', 'install', 'postinstall', 'prepare']
		.filter((name) => name in manifest.scripts)
		.map((name) => `a script that runs by itself: ${name}`),
];
console.log(packed.map((file) => `  ${file}`).join('\n'));
console.log(
	findings.length === 0
		? `${packed.length} files, nothing missing, nothing superfluous`
		: findings.join('\n'),
);
process.exitCode = findings.length === 0 ? 0 : 1;
