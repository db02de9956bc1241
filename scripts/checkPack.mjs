/**
 * `npm run check:pack`: checks that `npm pack` would publish all required files and no others. It lists the
 * content of the package, and exits with 1 when a file is missing or not allowed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The files that may be in the package. Others are not allowed. */
const ALLOWED = [
	/^package\.json$/,
	/^(README|LICENSE|CHANGELOG)(\.md)?$/,
	/^index\.js$/,
	/^dist\/nodes\/\w+\/\w+\.node\.(js|json)$/,
	/^dist\/icons\/\w+(\.dark)?\.svg$/,
	/^dist\/nodes\/running\.js$/,
	/^dist\/nodes\/(patternL|l)ibraries\.js$/,
	/^dist\/credentials\/\w+\.credentials\.js$/,
	/^dist\/THIRD-PARTY-LICENSES\.txt$/,
];
/** The largest size of the package: a library that was bundled by mistake exceeds it. */
const MOST_BYTES = 1_200_000;

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
	'dist/nodes/libraries.js',
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
