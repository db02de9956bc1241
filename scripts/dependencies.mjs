/**
 * Installs missing requirements of a command: the project's own packages, and a real n8n of each generation.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import command from '../lab/command.js';
import { lab, root } from '../lab/paths.js';
import { PlainError } from '../lab/plainError.js';
import { prepare } from '../lab/realN8n.js';

const OLDEST_NODE = 20;

/**
 * Installs the project's own packages when they are missing or older than the lockfile.
 * @param {(line: string) => void} say
 */
export async function ensureDependencies(say) {
	if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
		throw new PlainError(`Node.js ${OLDEST_NODE} or later is needed; this is ${process.version}.`);
	}
	const installed = path.join(root, 'node_modules', '.package-lock.json');
	const lockfile = path.join(root, 'package-lock.json');
	if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) return;
	await command.runWithProgress(
		'npm',
		['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
		{
			cwd: root,
			doing: "Installing the project's own packages",
			logFile: path.join(lab, 'dependencies.log'),
			say,
		},
	);
}

/**
 * Prepares n8n 2 with the packed package and a user folder, and n8n 1.
 * @param {(line: string) => void} say
 */
export async function ensureN8n(say) {
	await prepare(say);
	const older = ['scripts/onGeneration.mjs', '1', process.execPath, 'lab/install.js'];
	const { status } = spawnSync(process.execPath, older, { cwd: root, stdio: 'inherit' });
	if (status !== 0) throw new PlainError('n8n 1 could not be installed.');
}
