import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { API_KEY, HMAC_SECRET, Instance, JWT_SECRET, until } from '../e2e/instance';
import { DurableEndpoints, TableView } from '../e2e/journalAccess';
import { post, withKey } from '../support/sender';
import { TRIGGER, gameWorkflow } from '../support/workflow';
import type { Screen } from './browser';
import type { Authentication, Editor } from './editor';
import { UiInstance, pictureFolder, seen, showInDocumentation } from './instance';

jest.setTimeout(600_000);

let instance: UiInstance;
let journal: { table: string; workflow: string };
const credentials: Record<string, object> = {};

const KINDS: Array<[Authentication, string, string, Record<string, unknown>]> = [
	['API Key', 'apiKey', 'gameInsightsApiKeyApi', { apiKey: API_KEY, headerName: 'X-API-Key' }],
	['HMAC Signature', 'hmac', 'gameInsightsHmacApi', { scheme: 'gameInsights', secretKey: HMAC_SECRET }],
	['JWT', 'jwt', 'gameInsightsJwtApi', { keyType: 'secret', secret: JWT_SECRET }],
];

const SCREENS: Screen[] = (['light', 'dark'] as const).flatMap((theme) =>
	[1440, 1024].map((width) => ({ width, height: 900, theme })),
);

beforeAll(async () => {
	mkdirSync(pictureFolder, { recursive: true });
	instance = await UiInstance.start('ui-pictures');
	for (const [, kind, type, data] of KINDS) {
		const { id } = await instance.n8n.api.createCredential({ name: `Game server, ${kind}`, type, data });
		credentials[kind] = { [type]: { id, name: `Game server, ${kind}` } };
	}
	journal = await livingJournal();
}, 600_000);

afterAll(async () => {
	await instance.remove();
}, 90_000);

/**
 * Living rows of a journal: some processed, one waiting for its retry. @returns where the editor
 * shows them
 */
async function livingJournal(): Promise<{ table: string; workflow: string }> {
	const host = await Instance.around(instance.n8n);
	try {
		const endpoints = await DurableEndpoints.in(host);
		const endpoint = await endpoints.make({
			...{ maxRetries: 1, initialDelay: 3_600_000 },
			options: { keepProcessed: 24, maxDelay: 86_400_000, nonRetryableErrors: ['sink says 503'] },
		});
		host.sink.behave = ({ output, items }) =>
			output === 'deadLetter'
				? 200
				: ({ refund: 503, level_complete: 500 }[String(items[0].event_type)] ?? 200);
		const players = ['player-7', 'player-12', 'player-3'];
		for (const [at, event_type] of ['session_start', 'purchase', 'refund', 'level_complete'].entries()) {
			const event = { event_type, user_id: players[at % 3], event_id: `e-${at}`, properties: { level: at } };
			expect((await post(endpoint.url, JSON.stringify(event), withKey(API_KEY))).status).toBe(200);
		}
		const states = async () => (await endpoints.rowsOf(endpoint)).map(({ state }) => state).sort();
		const wanted = ['processed', 'processed', 'retrying'];
		await until('rows of each kind', async () => JSON.stringify(await states()) === JSON.stringify(wanted));
		const view = await TableView.of(instance.n8n);
		return { table: view?.page ?? '', workflow: endpoint.workflowId };
	} finally {
		await host.sink.stop();
	}
}

/** A workflow with the trigger and a node behind each output; its address in the editor. */
async function workflowFor(kind: string, parameters: object = {}): Promise<{ id: string; path: string }> {
	const { path: webhookPath, ...workflow } = gameWorkflow({
		credentials: credentials[kind] ?? {},
		parameters: { authentication: kind, ...parameters },
		sinkUrl: 'http://127.0.0.1:9',
	});
	const names: Record<string, string> = { events: 'Process', retry: 'Process Again', deadLetter: 'Alert' };
	const nodes = workflow.nodes.map((node) => {
		const { name } = node as { name: string };
		if (name === TRIGGER) return node;
		return { ...node, name: names[name], type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
	});
	const main = Object.values(names).map((name) => [{ node: name, type: 'main', index: 0 }]);
	const { id } = await instance.n8n.api.createWorkflow({
		...{ ...workflow, name: 'Game events', nodes },
		connections: { [TRIGGER]: { main } },
	});
	return { id, path: webhookPath };
}

const pictureFile = (name: string): string => path.join(pictureFolder, `${name}.png`);

/**
 * Nothing on the page is cut off at its right edge, and every icon of the package was found; as soon as all
 * is drawn.
 */
async function expectWhole(editor: Editor): Promise<void> {
	let seenLast: { widths: number[]; icons: number[] } = { widths: [], icons: [] };
	await until(
		() => `the whole page and its icons; seen last: ${JSON.stringify(seenLast)}`,
		async () => {
			seenLast = await editor.page.evaluate<typeof seenLast>(`({
				widths: [document.documentElement.scrollWidth, document.documentElement.clientWidth],
				icons: [...document.querySelectorAll('img[src*="gameInsights"]')].map((image) => image.naturalWidth),
			})`);
			const { widths, icons } = seenLast;
			return widths[0] === widths[1] && icons.length > 0 && icons.every((width) => width > 0);
		},
	);
}

describe.each(SCREENS)('on a $theme screen, $width wide', (screen) => {
	const look = `${screen.theme}-${screen.width}`;
	let editor: Editor;

	beforeAll(async () => {
		editor = await instance.editor(screen);
	}, 300_000);

	afterAll(async () => {
		await editor.page.context().close();
	});

	it('the node on the canvas has its icon and its three outputs', async () => {
		await seen(editor.page, `canvas-${look}`, async () => {
			const { id } = await workflowFor('apiKey');
			await editor.page.goto(`/workflow/${id}`, { waitUntil: 'domcontentloaded' });
			await editor.at('canvas-node').nth(3).waitFor();
			for (const name of ['Events', 'Retry', 'Dead Letter']) {
				await editor.page.getByText(name, { exact: true }).first().waitFor();
			}
			await editor.at('zoom-to-fit').click();
			await editor.page.waitForTimeout(1_000);
			await expectWhole(editor);
			await editor.page.screenshot({ path: pictureFile(`canvas-${look}`) });
		});
	});

	it.each(KINDS)('the panel and the credential for %s', async (_, kind) => {
		await seen(editor.page, `panel-${kind}-${look}`, async () => {
			const { id } = await workflowFor(kind);
			await editor.page.goto(`/workflow/${id}`, { waitUntil: 'domcontentloaded' });
			await editor.at('canvas-node').nth(3).waitFor();
			await editor.reopenPanel();
			await editor.at('ndv').getByText('Webhook URLs', { exact: true }).click();
			await editor.at('ndv').getByText('Test URL', { exact: true }).waitFor();
			await editor.page.waitForTimeout(500);
			await expectWhole(editor);
			await editor.page.screenshot({ path: pictureFile(`panel-${kind}-${look}`) });

			await editor.seeThatCredentialIsTested();
			await editor.page.waitForTimeout(500);
			await expectWhole(editor);
			await editor.page.screenshot({ path: pictureFile(`credential-${kind}-${look}`) });
			await editor.reopenPanel();
		});
	});

	it('the panel with the format of a sender: what to do there, what it sends, and what arrives', async () => {
		await seen(editor.page, `format-${look}`, async () => {
			const { id } = await workflowFor('apiKey', { eventFormat: 'segment' });
			await editor.page.goto(`/workflow/${id}`, { waitUntil: 'domcontentloaded' });
			await editor.at('canvas-node').nth(3).waitFor();
			await editor.reopenPanel();
			const panel = editor.at('ndv');
			await panel.getByText('Set the host of the SDK').scrollIntoViewIfNeeded();
			await panel.getByText('// What Segment sends').waitFor();
			await panel.getByText('the event as it was sent').last().scrollIntoViewIfNeeded();
			await panel.getByText('// The item that the workflow gets').waitFor();
			await expectWhole(editor);
			await editor.page.screenshot({ path: pictureFile(`format-${look}`) });
		});
	});

	it('the panel with Durable on, and the journal in the table view', async () => {
		await seen(editor.page, `journal-${look}`, async () => {
			await editor.page.goto(`/workflow/${journal.workflow}`, { waitUntil: 'domcontentloaded' });
			await editor.at('canvas-node').nth(3).waitFor();
			await editor.reopenPanel();
			await editor.at('ndv').getByText('Durable', { exact: true }).scrollIntoViewIfNeeded();
			await editor.page.waitForTimeout(500);
			await expectWhole(editor);
			await editor.page.screenshot({ path: pictureFile(`durable-${look}`) });

			await editor.page.goto(journal.table, { waitUntil: 'domcontentloaded' });
			await editor.page.getByText('retrying', { exact: true }).first().waitFor();
			await editor.page.waitForTimeout(1_000);
			await editor.page.screenshot({ path: pictureFile(`journal-${look}`) });
		});
	});

	it('a dead letter in the output of the node', async () => {
		await seen(editor.page, `dead-letter-${look}`, async () => {
			const { id, path: webhookPath } = await workflowFor('apiKey');
			await editor.page.goto(`/workflow/${id}`, { waitUntil: 'domcontentloaded' });
			await editor.at('canvas-node').nth(3).waitFor();
			await editor.reopenPanel();
			await editor.listen();
			const body =
				'[{"event_type":"purchase","user_id":"player-1"},{"event_type":"level_complete","properties":7}]';
			expect((await post(instance.n8n.testWebhookUrl(webhookPath), body, withKey(API_KEY))).status).toBe(200);
			await editor.at('branches').getByText('Dead Letter').click();
			await editor
				.at('ndv-data-container')
				.last()
				.getByText(/was not accepted/)
				.first()
				.waitFor();
			await editor.page.waitForTimeout(500);
			await expectWhole(editor);
			await editor.page.screenshot({ path: pictureFile(`dead-letter-${look}`) });
		});
	});
});

it('the documentation shows the journal', () => {
	showInDocumentation('journal', pictureFile('journal-light-1440'));
});
