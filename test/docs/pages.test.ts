import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '../..');

const pages = [
	...readdirSync(root).filter((file) => file.endsWith('.md')),
	...readdirSync(path.join(root, 'docs')).flatMap((file) => (file.endsWith('.md') ? [`docs/${file}`] : [])),
	'examples/README.md',
];

const textOf = (page: string): string => readFileSync(path.join(root, page), 'utf8');
const withoutCode = (text: string): string =>
	text.replace(/^\s*```[\s\S]*?^\s*```/gm, '').replace(/`[^`\n]*`/g, '');

/** The anchor GitHub gives to a heading. */
const anchorOf = (heading: string): string =>
	heading
		.replace(/[`*]/g, '')
		.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
		.trim()
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replaceAll(' ', '-');

function anchorsIn(page: string): string[] {
	const headings = [
		...textOf(page)
			.replace(/^\s*```[\s\S]*?^\s*```/gm, '')
			.matchAll(/^#{1,6} (.*)$/gm),
	];
	return headings.map(([, heading = '']) => anchorOf(heading));
}

const linksIn = (page: string): string[] =>
	[...withoutCode(textOf(page)).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)].map(([, target = '']) => target);

/** Lines that nobody breaks: rows of tables, and links or pictures that are longer than a line. */
const isUnbroken = (line: string): boolean => /^\s*(?:\||!?\[[^\]]*\]\([^)]*\)\S*$)/.test(line);

/** But for the one that is made of the nodes' own descriptions. */
const written = pages.filter((page) => page !== 'docs/reference.md');

it.each(written)('no line of %s is longer than 110 characters', (page) => {
	const text = textOf(page).replace(/^\s*```[\s\S]*?^\s*```/gm, '');
	expect(text.split('\n').filter((line) => line.length > 110 && !isUnbroken(line))).toEqual([]);
});

interface Block {
	readonly language: string;
	readonly code: string;
}

function blocksIn(page: string): Block[] {
	return [...textOf(page).matchAll(/^( *)```(\w*)[^\n]*\n([\s\S]*?)^\1```/gm)].map(
		([, indent = '', language = '', code = '']) => ({
			language,
			code: code.replace(new RegExp(`^${indent}`, 'gm'), ''),
		}),
	);
}

describe.each(pages)('%s', (page) => {
	it('links only to what is there', () => {
		const broken = linksIn(page).filter((target) => {
			if (/^(https?|mailto):/.test(target)) return !URL.canParse(target);
			const [file = '', anchor] = target.split('#');
			const to = file === '' ? page : path.join(path.dirname(page), file);
			if (!existsSync(path.join(root, to))) return true;
			return anchor !== undefined && !anchorsIn(to).includes(anchor);
		});
		expect(broken).toEqual([]);
	});

	it('has code that can be read', () => {
		const faulty = blocksIn(page).filter(({ language, code }) => {
			if (language === 'json') {
				try {
					JSON.parse(code);
				} catch {
					return true;
				}
			}
			return ['sh', 'bash'].includes(language) && spawnSync('bash', ['-n'], { input: code }).status !== 0;
		});
		expect(faulty).toEqual([]);
	});
});

it('every page of docs/ is in its table of contents, and can be reached', () => {
	const linked = linksIn('docs/README.md');
	const missing = pages.filter((page) => /^docs\/(?!README)/.test(page) && !linked.includes(page.slice(5)));
	expect(missing).toEqual([]);
});
