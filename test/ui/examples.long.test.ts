import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../lab/paths';
import { until } from '../e2e/instance';
import type { Editor } from './editor';
import { UiInstance, pictureFolder, seen } from './instance';

/** Each workflow of examples/ on a real canvas, as it looks after an import. */
jest.setTimeout(600_000);

const folder = path.join(root, 'examples');
const names = readdirSync(folder)
	.filter((file) => file.endsWith('.json'))
	.map((file) => file.replace('.json', ''));

/** What lies on the canvas: a node, or the words below it. In pixels of the screen. */
interface Drawn {
	readonly name: string;
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

let instance: UiInstance;
let editor: Editor;

beforeAll(async () => {
	mkdirSync(pictureFolder, { recursive: true });
	instance = await UiInstance.start('ui-examples');
	editor = await instance.editor({ width: 1440, height: 900 });
}, 600_000);

afterAll(async () => {
	await instance.remove();
}, 90_000);

/** The boxes of what a selector finds. It runs in the browser, so it is text. */
const boxesOf = async (selector: string): Promise<Drawn[]> =>
	await editor.page.evaluate<
		Drawn[]
	>(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => {
		const { left, top, right, bottom } = one.getBoundingClientRect();
		return { name: one.innerText, left, top, right, bottom };
	})`);

const overlap = (one: Drawn, other: Drawn): boolean =>
	one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

it.each(names)('%s: nothing lies on top of anything else', async (name) => {
	await seen(editor.page, `example-${name}`, async () => {
		const workflow = JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8'));
		const { id } = await instance.n8n.api.createWorkflow(workflow);
		await editor.page.goto(`/workflow/${id}`, { waitUntil: 'domcontentloaded' });
		const drawn = editor.page.locator('.vue-flow__node');
		let seenLast = 0;
		await until(
			() => `all ${workflow.nodes.length} nodes; seen last: ${seenLast}`,
			async () => (seenLast = await drawn.count()) === workflow.nodes.length,
		);
		await editor.at('zoom-to-fit').click();
		await editor.page.waitForTimeout(1_000);
		await editor.page.screenshot({ path: path.join(pictureFolder, `example-${name}.png`) });

		const named = workflow.nodes.filter(({ type }: any) => !type.endsWith('.stickyNote'));
		const words = await boxesOf('[data-test-id="canvas-node"] [class*="_description_"]');
		expect(words).toHaveLength(named.length);
		const bodies = await boxesOf('[data-test-id="canvas-node"]');
		expect(bodies).toHaveLength(named.length);
		const overlapping = words.flatMap((one, at) => [
			...words.slice(at + 1).filter((other) => overlap(one, other)),
			...bodies.filter((other, place) => place !== at && overlap(one, other)),
		]);
		expect(overlapping).toEqual([]);
	});
});
