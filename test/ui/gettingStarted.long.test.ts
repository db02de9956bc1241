import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { API_KEY, until } from '../e2e/instance';
import type { Editor } from './editor';
import { UiInstance, pictureFolder, seen, showInDocumentation } from './instance';

/**
 * The way that README and docs/getting-started.md lead, click by click, in one workflow: a first event, a
 * message in a chat for a dead letter, then Durable. It takes the pictures that those pages show. Clicks are
 * those of a mouse.
 */
jest.setTimeout(600_000);

/** Stands for Discord: says that a webhook is there, and takes messages. */
class Chat {
	readonly messages: unknown[] = [];
	private readonly server = createServer((request, response) => {
		void text(request).then((body) => {
			if (request.method === 'POST') this.messages.push(JSON.parse(body));
			response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
		});
	});

	static async start(): Promise<Chat> {
		const chat = new Chat();
		await new Promise<void>((resolve) => chat.server.listen(0, '127.0.0.1', resolve));
		return chat;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

let instance: UiInstance;
let editor: Editor;
/** The second workflow, in a tab of its own. */
let sending: Editor;
let chat: Chat;

beforeAll(async () => {
	mkdirSync(pictureFolder, { recursive: true });
	chat = await Chat.start();
	instance = await UiInstance.start('ui-getting-started');
	editor = await instance.editor();
	editor.page.context().setDefaultTimeout(20_000);
}, 600_000);

afterAll(async () => {
	await instance.remove();
	await chat.stop();
}, 90_000);

const SHOWN = ['find', 'credential', 'event', 'alert'] as const;
const pictureFile = (name: string): string => path.join(pictureFolder, `${name}.png`);

/** Keeps what is on the screen, once it has come to rest. */
async function picture(name: (typeof SHOWN)[number]): Promise<void> {
	await editor.page.waitForTimeout(1_000);
	await editor.page.locator('.el-notification').first().waitFor({ state: 'hidden' });
	await editor.page.screenshot({ path: pictureFile(name) });
}

/** *Settings* and *n8n API*: here their address is opened instead. */
const WAY_TO_SETTINGS = 2;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

it('the first event, with nothing but n8n: at most 9 clicks until it may come, and a second workflow that sends it', async () => {
	await seen(editor.page, 'start-event', async () => {
		await editor.newWorkflow();
		editor.clicks = 0;
		const startedAtMs = Date.now();
		await editor.addTrigger('game insights', async () => await picture('find'));
		await editor.openNewCredential('API Key');
		await editor.fillCredential('apiKey', API_KEY);
		await picture('credential');
		await editor.saveCredential();
		await editor.at('editCredential-modal').waitFor({ state: 'hidden' });
		const url = await editor.copyUrl('Test URL');

		sending = await editor.beside();
		await seen(sending.page, 'start-event-sending', async () => {
			await sending.newWorkflow();
			await sending.addAction('game insights', /^Send events/);
			await sending.parameter('url').fill(url);
			await sending.choose('eventsFrom', 'Fields Below');
			await sending.parameter('eventType').fill('purchase');
			// n8n listens for two minutes: the sender is ready before.
			await editor.page.bringToFront();
			await editor.listen();
			await sending.page.bringToFront();
			await sending.click(sending.at('node-execute-button'));
			await sending.at('output-panel').getByText('accepted').first().waitFor();
		});
		await editor.page.bringToFront();
		await editor.at('output-panel').getByText('purchase').first().waitFor();
		const receiving = editor.clicks;
		const seconds = Math.round((Date.now() - startedAtMs) / 1_000);
		say(`First event: ${receiving} clicks to receive, ${sending.clicks} to send it from n8n, ${seconds} s`);
		await picture('event');
		expect(receiving).toBeLessThanOrEqual(9);
	});
});

it('published, with a message in a chat for a dead letter: at most 25 clicks', async () => {
	await seen(editor.page, 'start-alert', async () => {
		await editor.page.bringToFront();
		await editor.closePanel();
		await editor.addBehind('Dead Letter', 'discord', /^Discord$/, /^Send a message$/);
		await editor.choose('authentication', 'Webhook');
		await editor.openNewCredential('Webhook');
		await editor.fillCredential('webhookUri', chat.url);
		await editor.saveCredential();
		await editor.at('editCredential-modal').waitFor({ state: 'hidden' });
		// Pasted as a whole, it becomes an expression. Typed letter by letter, it stays text.
		await editor.parameter('content').fill('{{ $json.summary }}');
		await editor.closePanel();
		await editor.publish();
		say(`Published, with an alert: ${editor.clicks} clicks`);
		expect(editor.clicks).toBeLessThanOrEqual(25);
		await editor.at('zoom-to-fit').click();
		await picture('alert');

		await editor.reopenPanel();
		const url = await editor.copyUrl('Production URL');
		await seen(sending.page, 'start-alert-sending', async () => {
			await sending.parameter('url').fill(url);
			// What the manual trigger gives is an event without a type.
			await sending.choose('eventsFrom', 'Input Items');
			await sending.click(sending.at('node-execute-button'));
			await sending
				.at('output-panel')
				.getByText(/`?event_type`? is missing/)
				.first()
				.waitFor();
		});
		await until('the message', () => chat.messages.length > 0);
		expect(chat.messages).toEqual([{ content: 'The event was not accepted: `event_type` is missing.' }]);
	});
});

it.each(SHOWN)('the documentation shows the picture "%s"', (name) => {
	showInDocumentation(name, pictureFile(name));
});

it('Durable switched on and published: at most 15 clicks, the key of n8n included', async () => {
	await seen(editor.page, 'start-durable', async () => {
		await editor.reopenPanel();
		editor.clicks = 0;
		const settings = await editor.beside();
		let key = '';
		await seen(settings.page, 'start-durable-key', async () => {
			key = await settings.makeApiKey('Game Insights');
		});
		await settings.page.close();
		await editor.page.bringToFront();
		await editor.click(editor.at('ndv').locator('[data-test-id="parameter-input-durable"] .el-switch'));
		await editor.openNewCredential('');
		await editor.fillCredential('baseUrl', instance.n8n.baseUrl);
		await editor.fillCredential('apiKey', key);
		await editor.saveCredential();
		await editor.at('editCredential-modal').waitFor({ state: 'hidden' });
		await editor.closePanel();
		await editor.publish();
		const forKey = settings.clicks + WAY_TO_SETTINGS;
		const clicks = editor.clicks + forKey;
		say(`Durable: ${clicks} clicks, ${forKey} of them for the key`);
		expect(clicks).toBeLessThanOrEqual(15);
	});
});
