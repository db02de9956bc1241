/**
 * Checks this package with n8n's own tool for authors, `n8n-node`, in a copy of the shipped files: its
 * default configuration finds no problem, n8n Cloud accepts the package, and its `build`, which can't bundle,
 * refuses.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from '../lab/paths.js';

const copied = ['nodes', 'credentials', 'icons', 'package.json', 'eslint.config.mjs', 'tsconfig.json'];
copied.push('test/notBuiltByTsc.ts');

/** @type {{ args: string[], isRefused?: boolean, says: RegExp }[]} */
const expected = [
	{ args: ['lint'], says: /n8n-node lint/ },
	{ args: ['cloud-support'], says: /Status: eligible for n8n Cloud/ },
	{ args: ['build'], isRefused: true, says: /"npm run build, which bundles the libraries"/ },
];

const copy = mkdtempSync(path.join(tmpdir(), 'game-insights-n8n-node-'));
try {
	for (const name of copied) cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
	symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
	process.exitCode = expected.map(isAsExpected).every(Boolean) ? 0 : 1;
} finally {
	rmSync(copy, { recursive: true, force: true });
}

/** @param {(typeof expected)[number]} step */
function isAsExpected({ args, isRefused = false, says }) {
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[path.join(root, 'node_modules/@n8n/node-cli/bin/n8n-node.mjs'), ...args],
		{ cwd: copy, encoding: 'utf8' },
	);
	const text = stripVTControlCharacters(`${stdout}\n${stderr}`);
	const isRight = (status !== 0) === isRefused && says.test(text);
	console.log(
		`n8n-node ${args.join(' ')}: ${isRight ? 'as it should be' : `ended with ${status}, expected ${says}`}`,
	);
	if (!isRight) console.log(text);
	return isRight;
}
