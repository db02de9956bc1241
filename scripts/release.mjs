/**
 * `npm run release -- 1.2.3`: checks that a release is possible, sets the version, dates the changelog,
 * commits and tags. It changes only this clone. A person has to push the tag, which publishes the release.
 * With `--check` it changes nothing at all.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dated, faultsOf, nextVersions } from './releaseRules.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { check: { type: 'boolean', default: false } },
});

const file = (/** @type {string} */ name) => path.join(root, name);
const git = (/** @type {string[]} */ ...args) =>
	execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
const npm = (/** @type {string[]} */ ...args) => execFileSync('npm', args, { cwd: root, stdio: 'inherit' });

const manifest = JSON.parse(readFileSync(file('package.json'), 'utf8'));
const changelog = readFileSync(file('CHANGELOG.md'), 'utf8');
const [version = ''] = positionals;
const faults = faultsOf({
	version,
	current: manifest.version,
	tags: git('tag', '--list').split('\n'),
	branch: git('branch', '--show-current'),
	changes: git('status', '--porcelain'),
	changelog,
});

if (faults.length > 0) {
	console.error(faults.map((fault) => `- ${fault}`).join('\n'));
	console.error(`\nnpm run release -- <version>, e.g. ${nextVersions(manifest.version).join(', ')}`);
	process.exit(1);
}

console.log(`${manifest.name} ${manifest.version} → ${version}`);
npm('run', 'build', '--silent');
npm('run', 'check:pack', '--silent');
if (values.check) {
	console.log('In order. Nothing was changed.');
	process.exit(0);
}

const today = new Date().toISOString().slice(0, 10);
writeFileSync(file('CHANGELOG.md'), dated(changelog, version, today));
npm('version', version, '--no-git-tag-version', '--allow-same-version', '--ignore-scripts');
git('add', 'package.json', 'package-lock.json', 'CHANGELOG.md');
git('commit', '--message', `Release ${version}`);
git('tag', '--annotate', `v${version}`, '--message', `${manifest.name} ${version}`);
console.log(`\nCommitted and tagged v${version}. To publish it: git push --follow-tags`);
