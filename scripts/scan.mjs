/**
 * Runs n8n's own package scanner as n8n runs it for a published package: on the sources, and on the compiled
 * files of the tarball. It prints the findings. With any finding the exit code is 1.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
// @ts-expect-error -- the scanner has no types
import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';
import { pack } from '../lab/pack.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const workFolder = mkdtempSync(path.join(tmpdir(), 'game-insights-scan-'));

try {
	const unpacked = unpack(await pack(console.log));
	const passed = [
		await report('sources', root, SOURCE_FILE_PATTERNS),
		await report('packed tarball', unpacked, ['**/*.js', 'package.json']),
	];
	process.exitCode = passed.every(Boolean) ? 0 : 1;
} finally {
	rmSync(workFolder, { recursive: true, force: true });
}

/** @param {string} tarball */
function unpack(tarball) {
	execFileSync('tar', ['-xzf', tarball, '-C', workFolder], { stdio: 'inherit' });
	const folder = path.join(workFolder, 'package');
	const { name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.map((file) => ({ file, size: statSync(path.join(folder, file)) }))
		.filter(({ size }) => size.isFile())
		.map(({ file, size }) => ({ file, bytes: size.size }));
	const unpackedBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
	console.log(
		`${name} ${version}: ${kilobytes(statSync(tarball).size)} packed, ${kilobytes(unpackedBytes)} unpacked, ${files.length} files`,
	);
	for (const { file, bytes } of files) console.log(`  ${kilobytes(bytes).padStart(9)}  ${file}`);
	return folder;
}

/**
 * @param {string} what
 * @param {string} folder
 * @param {string[]} patterns
 */
async function report(what, folder, patterns) {
	const { passed, message, details } = await analyzePackage(folder, patterns);
	console.log(passed && !message ? `${what}: no findings` : `${what}: ${message}\n${details ?? ''}`);
	return passed && !message;
}

/** @param {number} bytes */
function kilobytes(bytes) {
	return `${(bytes / 1000).toFixed(1)} kB`;
}
