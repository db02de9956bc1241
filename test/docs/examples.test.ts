import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(__dirname, '../../examples');
const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

/** Width and height of a node on the canvas, and of its name and what it does below it. */
const NODE = { width: 100, height: 100, words: 50 };

/** Three outputs make the trigger taller. */
const TRIGGER_HEIGHT = 130;

/** What the heading of a note takes. */
const HEADING = 60;

/** As wide as a screen shows at a size that can be read. */
const MOST_WIDE = 2_100;

/** What n8n's editor calls a kind of credential, by its type. */
const KINDS: Readonly<Record<string, string>> = {
	discordWebhookApi: 'Discord Webhook',
	gameInsightsHmacApi: 'Game Insights HMAC API',
	gameInsightsN8nApi: 'Game Insights Data Tables API',
	httpBasicAuth: 'Basic Auth',
	n8nApi: 'n8n API',
	slackApi: 'Slack API',
	smtp: 'SMTP',
};

describe.each(files)('%s', (file) => {
	const { nodes, description } = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
	const isNote = ({ type }: any): boolean => type === 'n8n-nodes-base.stickyNote';
	const [about, ...lanes] = nodes.filter(isNote);
	const { content } = about.parameters;
	const others = nodes.filter((node: any) => !isNote(node));

	it('names each kind of credential that it needs', () => {
		const types: string[] = nodes.flatMap(({ credentials = {} }: any) => Object.keys(credentials));
		const unnamed = types.filter((type) => !content.includes(KINDS[type] ?? '?'));
		expect(unnamed).toEqual([]);
	});

	it('begins its note with what it is, and says step by step what is to be done', () => {
		expect(content).toMatch(/^## \S/);
		expect(content).toMatch(/\*\*To do:\*\*\n1\. /);
	});

	it('is described in one sentence, for whoever looks through workflows', () => {
		expect(description).toMatch(/^[A-Z][^.]*\.$/);
	});

	it('has its row in examples/README.md', () => {
		expect(readme).toContain(`\n| [\`${file}\`](${file}) | `);
	});

	it('has each node in one lane, below the heading of its note', () => {
		const around = others.map(({ name, type, position: [x, y] }: any) => {
			const nodeHeight = type.endsWith('.gameInsightsWebhookTrigger') ? TRIGGER_HEIGHT : NODE.height;
			const holding = lanes.filter(({ position: [left, top], parameters: { width, height } }: any) => {
				const isWithin = x > left && x + NODE.width < left + width;
				return isWithin && y > top + HEADING && y + nodeHeight + NODE.words <= top + height;
			});
			return [name, holding.length];
		});
		expect(around).toEqual(others.map(({ name }: any) => [name, 1]));
	});

	it('has no note on top of another, nor over nodes of another lane', () => {
		const boxes = [about, ...lanes].map(({ name, position: [left, top], parameters }: any) => ({
			...{ name, left, top, right: left + parameters.width, bottom: top + parameters.height },
		}));
		const overlapping = boxes.flatMap((one, at) =>
			boxes.slice(at + 1).flatMap((other) => {
				const beside = one.right <= other.left || other.right <= one.left;
				const apart = one.bottom <= other.top || other.bottom <= one.top;
				return beside || apart ? [] : [[one.name, other.name]];
			}),
		);
		expect(overlapping).toEqual([]);
	});

	it('fits a screen', () => {
		const lefts = nodes.map(({ position: [left] }: any) => left);
		const rights = others.map(({ position: [left] }: any) => left + NODE.width);
		expect(Math.max(...rights) - Math.min(...lefts)).toBeLessThanOrEqual(MOST_WIDE);
	});

	it('sends no alert with a bare HTTP request: n8n has nodes for chats', () => {
		expect(nodes.map(({ type }: any) => type)).not.toContain('n8n-nodes-base.httpRequest');
	});
});
