import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '../..');
const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');
const [, map = ''] = /```\n([\s\S]*?)```/.exec(page) ?? [];

/** Columns by which each level of the map is set in. */
const INDENT = 3;

/** All paths that the map names, folders with a slash at the end. */
function namedIn(text: string): string[] {
	const named: string[] = [];
	const folders: string[] = [];
	for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
		const [, branches = '', names = ''] = /^([│├└─ ]*)(\S+(?: \S+)*)/.exec(line) ?? [];
		const depth = branches.length / INDENT;
		const parent = folders.slice(0, depth).join('');
		for (const name of names.split(' ')) {
			named.push(`${parent}${name}`);
			folders[depth] = name;
		}
	}
	return named;
}

function foldersIn(folder: string): string[] {
	return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) =>
		entry.isDirectory() ? [`${folder}${entry.name}/`, ...foldersIn(`${folder}${entry.name}/`)] : [],
	);
}

const isThere = (named: string): boolean => {
	const place = path.join(root, named);
	return existsSync(place) && statSync(place).isDirectory() === named.endsWith('/');
};

const namedByMap = namedIn(map);

describe('the map in docs/architecture.md', () => {
	it('names only what is there', () => {
		expect(namedByMap.filter((named) => !isThere(named))).toEqual([]);
	});

	it('names every folder of nodes/', () => {
		expect(foldersIn('nodes/').filter((folder) => !namedByMap.includes(folder))).toEqual([]);
	});

	it('names each thing once', () => {
		expect(namedByMap.filter((named, at) => namedByMap.indexOf(named) !== at)).toEqual([]);
	});
});

it('"Where to look" names only files that are there', () => {
	const [, table = ''] = /## Where to look\n([\s\S]*?)\n## /.exec(page) ?? [];
	const named = [...table.matchAll(/`([\w/]+\.ts)`/g)].map(([, file = '']) => file);
	expect(named.length).toBeGreaterThan(10);
	const isFile = (file: string): boolean =>
		isThere(`nodes/GameInsightsWebhook/${file}`) || isThere(`nodes/${file}`);
	expect(named.filter((file) => !isFile(file))).toEqual([]);
});

it('a map is read with its folders inside each other, several names a line', () => {
	const text = ['a/          words', '├─ b.ts c.ts  words', '├─ d/', '│  └─ e.ts', '└─ f.ts', 'g/'].join(
		'\n',
	);
	expect(namedIn(text)).toEqual(['a/', 'a/b.ts', 'a/c.ts', 'a/d/', 'a/d/e.ts', 'a/f.ts', 'g/']);
});
