import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = path.join(__dirname, '../../scripts');

/** Scripts that only export, so that importing them runs nothing. */
const libraries = ['checks.mjs', 'dependencies.mjs', 'gameSession.mjs', 'table.mjs'];

/** What a script imports from files of the project: names, `default` among them, and the whole address. */
const importsOf = (script: string) =>
	[...readFileSync(path.join(folder, script), 'utf8').matchAll(/^import ([^;]*?) from '(\.[^']*)';/gm)]
		.map(([, names = '', from = '']) => ({
			names: [
				...(/^\w/.test(names) ? ['default'] : []),
				...[...names.matchAll(/[{,]\s*(\w+)/g)].map(([, name = '']) => name),
			],
			from,
		}))
		.filter(({ from }) => !from.endsWith('.mjs') || libraries.includes(path.basename(from)))
		.map(({ names, from }) => ({ names, url: pathToFileURL(path.join(folder, from)).href }));

const LINKS = `
const missing = [];
for (const { names, url } of JSON.parse(process.argv[1])) {
	const found = await import(url);
	missing.push(...names.filter((name) => !(name in found)).map((name) => name + ' of ' + url));
}
console.log(JSON.stringify(missing));
`;

/** As Node.js links it: what an ES module sees of one that is none depends on how that is written. */
it('every script finds everything it imports', () => {
	const imports = readdirSync(folder)
		.filter((file) => file.endsWith('.mjs'))
		.flatMap(importsOf);
	expect(imports.flatMap(({ names }) => names).length).toBeGreaterThan(20);
	const args = ['--input-type=module', '-e', LINKS, JSON.stringify(imports)];
	const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
	expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '[]\n', stderr: '' });
});
