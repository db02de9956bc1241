/** Builds and packs the community package, only once for each state of its sources. */
const { createHash } = require('node:crypto');
const { execFileSync } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync } = require('node:fs');
const path = require('node:path');
const { runWithProgress, shell } = require('./command');
const { lab, root } = require('./paths');

/** All files that affect the tarball. */
const sources = [
	'nodes',
	'credentials',
	'icons',
	'index.js',
	'package.json',
	'package-lock.json',
	'gulpfile.js',
	'tsconfig.json',
	'tsconfig.build.json',
	'README.md',
	'LICENSE',
	'CHANGELOG.md',
];

/**
 * @param {(line: string) => void} say
 * @returns {Promise<string>} the tarball's path
 * @throws {import('./plainError').PlainError} when it does not build
 */
async function pack(say) {
	const folder = path.join(lab, 'package');
	const tarball = path.join(folder, `${fingerprint()}.tgz`);
	if (existsSync(tarball)) return tarball;
	mkdirSync(folder, { recursive: true });
	await runWithProgress('npm', ['run', 'build'], {
		cwd: root,
		doing: 'Building the package',
		logFile: path.join(lab, 'build.log'),
		say,
	});
	const answer = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
		cwd: root,
		encoding: 'utf8',
		shell,
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	renameSync(path.join(folder, JSON.parse(answer)[0].filename), tarball);
	return tarball;
}

function fingerprint() {
	const hash = createHash('sha256');
	for (const file of sources.flatMap(filesUnder)) {
		hash.update(`${file}\n`).update(readFileSync(path.join(root, file)));
	}
	return hash.digest('hex').slice(0, 16);
}

/**
 * @param {string} name a file or folder of the project
 * @returns {string[]}
 */
function filesUnder(name) {
	const full = path.join(root, name);
	if (!existsSync(full)) return [];
	if (statSync(full).isFile()) return [name];
	return readdirSync(full)
		.sort()
		.flatMap((entry) => filesUnder(path.join(name, entry)));
}

module.exports = { pack };
