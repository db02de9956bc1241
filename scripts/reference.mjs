/**
 * `npm run docs`: builds the package, and writes docs/reference.md and the tables of docs/ from the built
 * files.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { referenceText } from './referenceText.js';
import { formatsTable, sendersTable, withTable } from './tables.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

execFileSync('npm', ['run', 'build', '--silent'], { cwd: root, stdio: 'inherit' });
const { n8n } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** @param {string} file the one class of a built file, made */
function made(file) {
	const [Class] = Object.values(require(path.join(root, file)));
	return new Class();
}

const nodes = n8n.nodes.map((/** @type {string} */ file) => made(file).description);
const credentials = n8n.credentials.map(made);
writeFileSync(path.join(root, 'docs', 'reference.md'), referenceText(nodes, credentials));

/** @param {string} contents statements of TypeScript that export something */
function evaluated(contents) {
	const { outputFiles } = buildSync({
		stdin: { contents, resolveDir: path.join(root, 'nodes/shared'), loader: 'ts' },
		bundle: true,
		platform: 'node',
		format: 'cjs',
		write: false,
	});
	const made = { exports: /** @type {any} */ ({}) };
	new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '')(made, made.exports, require);
	return made.exports;
}

const { FORMATS, SCHEMES } = evaluated(
	"export { FORMATS } from './formats/formats'; export { SCHEMES } from './senders/schemes';",
);

/** @param {string} file @param {string} name @param {string} text */
function writeTable(file, name, text) {
	const page = path.join(root, 'docs', file);
	writeFileSync(page, withTable(readFileSync(page, 'utf8'), name, text));
}

writeTable('events.md', 'formats', formatsTable(FORMATS));
writeTable('authentication.md', 'senders', sendersTable(FORMATS, SCHEMES));
