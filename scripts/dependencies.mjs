/** Installs the project's own packages when they are not there, or older than the lockfile. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import command from '../n8n/command.js';
import { lab, root } from '../n8n/paths.js';
import { PlainError } from '../n8n/plainError.js';

const OLDEST_NODE = 20;

/** @param {(line: string) => void} say */
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
