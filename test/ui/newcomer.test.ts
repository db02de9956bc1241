import { API_KEY, HMAC_SECRET, JWT_SECRET, until } from '../e2e/instance';
import { post, signed, withKey } from '../support/sender';
import type { Authentication, Editor } from './editor';
import { UiInstance, seen } from './instance';

jest.setTimeout(600_000);

let instance: UiInstance;
let editor: Editor;

beforeAll(async () => {
	instance = await UiInstance.start('ui-newcomer');
	editor = await instance.editor();
}, 600_000);

afterAll(async () => {
	await instance.remove();
}, 90_000);

const BATCH = '[{"event_type":"purchase","user_id":"player-1"},{"event_type":5}]';

/** What came out of the outputs, as the panel's tabs say it. */
const branches = async (): Promise<string[]> =>
	(await editor.at('branches').innerText()).split('\n').filter((line) => line !== '');

describe('the node panel', () => {
	beforeAll(async () => {
		await seen(editor.page, 'node-panel', async () => {
			await editor.newWorkflow();
			await editor.openNodePanel();
		});
	});

	const words = ['game', 'hmac', 'dead letter', 'retry', 'webhook', 'twitch', 'durable'];

	it.each(words)('has one entry for "%s", with the trigger and the actions in it', async (word) => {
		await seen(editor.page, `node-panel-${word}`, async () => {
			await editor.at('node-creator-search-bar').fill(word);
			const entry = editor.found(/^Game Insights/);
			await entry.first().waitFor();
			expect(await entry.allInnerTexts()).toEqual(['Game Insights Webhook']);
		});
	});

	it('shows both when the entry is opened', async () => {
		await seen(editor.page, 'node-panel-opened', async () => {
			await editor.found(/^Game Insights/).click();
			await editor.found(/^On new Game Insights Webhook event/).waitFor();
			const kinds = editor.at('node-creator-category-item');
			expect(await kinds.allInnerTexts()).toEqual([
				'Triggers (1)',
				expect.stringMatching(/^Actions \(\d+\)$/),
			]);
			await kinds.last().click();
			await editor.found(/^Redrive dead letters/).waitFor();
			await editor.found(/^Send events/).waitFor();
		});
	});
});

it('a newcomer finds the node, makes a credential, listens, and sees the first event', async () => {
	const { page } = editor;
	await seen(page, 'first-event', async () => {
		await editor.newWorkflow();
		editor.clicks = 0;
		const startedAtMs = Date.now();
		await editor.addTrigger('game insights');
		await editor.openNewCredential('API Key');
		await editor.fillCredential('apiKey', API_KEY);
		await editor.saveCredential();
		await editor.at('editCredential-modal').waitFor({ state: 'hidden' });
		const url = await editor.copyUrl('Test URL');
		expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/webhook-test\/[-0-9a-f]{36}\/events$/);
		await editor.listen();
		const answer = await post(url, BATCH, withKey(API_KEY));
		expect(answer).toMatchObject({ status: 200, body: { accepted: 1, dead_lettered: 1 } });
		await editor.at('branches').waitFor();
		const seconds = Math.round((Date.now() - startedAtMs) / 1_000);
		process.stderr.write(`First event after ${editor.clicks} clicks and ${seconds} s of n8n's time\n`);
		expect(await branches()).toEqual([
			'Events Branch (1 item)',
			'Retry Branch',
			'Dead Letter Branch (1 item)',
		]);
		await editor.at('output-panel').getByText('purchase').first().waitFor();
		expect(editor.clicks).toBeLessThanOrEqual(9);
	});
});

it('the dead letter is on its output, with its sentence', async () => {
	await seen(editor.page, 'dead-letter', async () => {
		await editor.at('branches').getByText('Dead Letter').click();
		const sentence = 'Event 2 of 2 was not accepted: `event_type` must be text, it is the number 5';
		await editor.at('ndv-data-container').last().getByText(sentence).first().waitFor();
	});
});

it('published, events at the production URL become executions that are found in the list', async () => {
	await seen(editor.page, 'production', async () => {
		const url = await editor.copyUrl('Production URL');
		expect(url).toMatch(/\/webhook\/[-0-9a-f]{36}\/events$/);
		await editor.closePanel();
		await until('three outputs', async () => (await editor.at('canvas-node-output-handle').count()) === 3);
		await editor.publish();
		await until('the production URL', async () => (await post(url, BATCH, withKey(API_KEY))).status === 200);
		await editor.click(editor.at('radio-button-executions'));
		const list = editor.at('current-executions-list');
		// One of the test, one of the good event, one of the dead letter.
		const entries = list.locator('[data-test-id^="execution-details-"]');
		await entries.nth(2).waitFor();
		await entries.first().click();
		await editor.page.locator('[data-test-id^="execution-preview-details-"]').waitFor();
		// Nothing is connected to Dead Letter: the execution that carries only dead letters is shown as failed.
		let text = '';
		await until(
			() => `one that failed and two that succeeded in: ${text}`,
			async () => {
				text = await list.innerText();
				return /Error|Failed/.test(text) && text.split('Succeeded').length === 3;
			},
		);
	});
});

describe('the form of a credential', () => {
	beforeAll(async () => {
		await seen(editor.page, 'second-workflow', async () => {
			await editor.newWorkflow();
			await editor.addTrigger('game insights');
		});
	});

	const kinds: Array<[Authentication, string, string]> = [
		['HMAC Signature', 'secretKey', HMAC_SECRET],
		['JWT', 'secret', JWT_SECRET],
		['API Key', 'apiKey', API_KEY],
	];

	it.each(kinds)('of %s is red for a weak secret and green for a strong one', async (kind, field, secret) => {
		await seen(editor.page, `credential-${field}`, async () => {
			const form = await editor.openNewCredential(kind);
			await editor.fillCredential(field, 'short');
			await editor.saveCredential();
			const details = form.getByText('More details', { exact: true });
			await details.waitFor();
			expect(await editor.at('credentials-config-container-test-success').isVisible()).toBe(false);
			await details.click();
			const offer = form.getByText(/Here is a good one/).first();
			await offer.waitFor();
			expect(await offer.innerText()).toMatch(/ [0-9a-f]{64}$/);

			await editor.fillCredential(field, secret);
			await editor.saveCredential();
			await form.waitFor({ state: 'hidden' });
			await editor.seeThatCredentialIsTested();
			await editor.reopenPanel();
		});
	});

	it('of HMAC lets a signed request in', async () => {
		await seen(editor.page, 'hmac', async () => {
			const form = await editor.openNewCredential('HMAC Signature');
			await editor.fillCredential('secretKey', HMAC_SECRET);
			await editor.saveCredential();
			await form.waitFor({ state: 'hidden' });
			const url = await editor.copyUrl('Test URL');
			await editor.listen();
			expect((await post(url, BATCH, signed(BATCH, HMAC_SECRET))).status).toBe(200);
			await editor.at('branches').waitFor();
			expect(await branches()).toContain('Events Branch (1 item)');
		});
	});
});
