import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = path.join(__dirname, '../../scripts');

/** What a script imports from files of the project, with whole addresses. */
const importsOf = (script: string): string[] =>
	[...readFileSync(path.join(folder, script), 'utf8').matchAll(/^import ([^;]*?) from '(\.[^']*)';/gm)].map(
		([, names = '', from = '']) =>
			`import ${names} from ${JSON.stringify(pathToFileURL(path.join(folder, from)).href)};`,
	);

/** Scripts that only export, so that importing them runs nothing. */
const libraries = ['dependencies.mjs', 'gameSession.mjs', 'table.mjs'];

describe('the scripts, as Node.js links them', () => {
	const scripts = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
	it.each(scripts)('%s finds everything it imports', (script) => {
		const statements = importsOf(script).filter(
			(statement) => !statement.includes('.mjs"') || libraries.some((library) => statement.includes(library)),
		);
		const { status, stderr } = spawnSync(process.execPath, ['--input-type=module'], {
			input: statements.join('\n'),
			encoding: 'utf8',
		});
		expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
	});
});
