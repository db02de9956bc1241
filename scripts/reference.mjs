/** `npm run docs`: builds the package and writes docs/reference.md out of what was built. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { referenceText } from './referenceText.js';

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
