import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(__dirname, '../../examples');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

/** Width and height of a node on the canvas. */
const NODE = 100;

/** What n8n's editor calls a kind of credential, by its type. */
const KINDS: Readonly<Record<string, string>> = {
	gameInsightsHmacApi: 'Game Insights HMAC API',
	gameInsightsN8nApi: 'Game Insights Data Tables API',
	httpBasicAuth: 'Basic Auth',
	n8nApi: 'n8n API',
	smtp: 'SMTP',
};

describe.each(files)('%s', (file) => {
	const { nodes } = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
	const notes: string = nodes
		.filter(({ type }: any) => type === 'n8n-nodes-base.stickyNote')
		.map(({ parameters }: any) => parameters.content)
		.join('\n');

	it('begins its note with what it is, and says what is to be done', () => {
		expect(notes).toMatch(/^## \S/);
		expect(notes).toContain('**To do:**');
	});

	it('names each kind of credential that it needs', () => {
		const types: string[] = nodes.flatMap(({ credentials = {} }: any) => Object.keys(credentials));
		const unnamed = types.filter((type) => !notes.includes(KINDS[type] ?? '?'));
		expect(unnamed).toEqual([]);
	});

	it('has no note on top of a node', () => {
		const boxes = nodes.filter(({ type }: any) => type === 'n8n-nodes-base.stickyNote');
		for (const { position, parameters } of boxes) {
			const [left, top] = position;
			const { width, height } = parameters;
			const covered = nodes.filter(({ type, position: [x, y] }: any) => {
				if (type === 'n8n-nodes-base.stickyNote') return false;
				return x + NODE > left && x < left + width && y + NODE > top && y < top + height;
			});
			expect(covered.map(({ name }: any) => name)).toEqual([]);
		}
	});
});
