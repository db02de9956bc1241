import type { Locator, Page } from 'playwright-core';
import { until } from '../e2e/instance';

const id = (name: string): string => `[data-test-id="${name}"]`;

/** The ways to authenticate, as n8n's credential form names them. */
export type Authentication = 'API Key' | 'HMAC Signature' | 'JWT';

/**
 * n8n's editor as a person uses it: by what is on the screen. Every click is counted, so that the way of a
 * newcomer has a length. The selectors are those of n8n 2.41.
 */
export class Editor {
	clicks = 0;

	constructor(readonly page: Page) {}

	at(name: string): Locator {
		return this.page.locator(id(name));
	}

	async click(target: Locator): Promise<void> {
		await target.click();
		this.clicks++;
	}

	/** Another tab of the same browser, whose clicks count by themselves. */
	async beside(): Promise<Editor> {
		return new Editor(await this.page.context().newPage());
	}

	/** Makes a key under Settings → n8n API and copies it. */
	async makeApiKey(label: string): Promise<string> {
		await this.page.goto('/settings/api', { waitUntil: 'domcontentloaded' });
		const create = this.at('api-key-create-button').or(
			this.page.getByRole('button', { name: /Create.*API key/i }),
		);
		await this.click(create.first());
		await this.at('api-key-label')
			.locator('input')
			.or(this.page.locator('input[data-test-id="api-key-label"]'))
			.first()
			.fill(label);
		const save = this.page.getByRole('button', { name: 'Save', exact: true });
		if (await save.isDisabled()) await this.click(this.at('scopes-mode-all'));
		await this.click(save);
		await this.page.getByText('API key created successfully').waitFor();
		await this.click(this.page.getByRole('dialog').locator('button:has(svg)').last());
		return await this.page.evaluate<string>('navigator.clipboard.readText()');
	}

	/** A new, empty workflow. */
	async newWorkflow(): Promise<void> {
		await this.page.goto('/workflow/new', { waitUntil: 'domcontentloaded' });
		await this.at('canvas-add-button').waitFor();
	}

	/**
	 * Looks for the trigger as a user would and puts it on the canvas; its panel opens by itself.
	 * @param look is called while the entry is open
	 */
	async addTrigger(words: string, look: () => Promise<void> = async () => {}): Promise<void> {
		await this.openNodePanel();
		await this.at('node-creator-search-bar').fill(words);
		await this.click(this.found(/^Game Insights Webhook/));
		await this.found(/^On new Game Insights Webhook event/).waitFor();
		await look();
		await this.click(this.found(/^On new Game Insights Webhook event/));
		await this.at('ndv').waitFor();
	}

	/**
	 * Adds one of n8n's nodes behind an output of the trigger, by the plus there; its panel opens by itself.
	 */
	async addBehind(output: string, words: string, name: RegExp, action: RegExp): Promise<void> {
		const handle = this.at('canvas-node-output-handle').filter({ hasText: output });
		await this.click(handle.locator(id('canvas-handle-plus')));
		await this.at('node-creator-search-bar').fill(words);
		await this.click(this.found(name).first());
		await this.click(this.found(action).first());
		await this.at('ndv').waitFor();
	}

	/** Puts an action of this package into a new workflow; n8n adds its manual trigger by itself. */
	async addAction(words: string, action: RegExp): Promise<void> {
		await this.openNodePanel();
		await this.at('node-creator-search-bar').fill(words);
		await this.click(this.found(/^Game Insights Webhook/));
		const category = this.at('node-creator-category-item').last();
		await category.waitFor();
		if (!(await this.found(action).isVisible())) await this.click(category);
		await this.click(this.found(action));
		await this.at('ndv').waitFor();
	}

	/** The input of a parameter in the node's open panel. */
	parameter(name: string): Locator {
		return this.at('ndv')
			.locator(`${id(`parameter-input-${name}`)} :is(input, textarea, [contenteditable=true])`)
			.first();
	}

	/** Chooses one of the options of a parameter, by its words. */
	async choose(name: string, words: string): Promise<void> {
		await this.click(this.at('ndv').locator(id(`parameter-input-${name}`)));
		await this.click(this.page.getByRole('option', { name: new RegExp(`^${words}`) }));
	}

	/** Opens the list of everything that may start a workflow. */
	async openNodePanel(): Promise<void> {
		await this.click(this.at('canvas-add-button'));
		await this.at('node-creator-search-bar').waitFor();
	}

	/** An entry of the node panel's list, by its name. */
	found(name: RegExp): Locator {
		return this.at('node-creator').locator(id('node-creator-item-name'), { hasText: name });
	}

	/** Opens an empty form for a credential; the form is where n8n lets users choose how to authenticate. */
	async openNewCredential(authentication: string): Promise<Locator> {
		const first = this.at('node-credentials-empty-state').getByRole('button').last();
		await first.or(this.at('node-credentials-select')).first().waitFor();
		if (await first.isVisible()) await this.click(first);
		else {
			await this.click(this.at('node-credentials-select').last());
			await this.click(this.at('node-credentials-select-item-new').last());
		}
		const form = this.at('editCredential-modal');
		await form.waitFor();
		const mode = this.at('credential-mode-dropdown-trigger');
		if ((await mode.isVisible()) && !(await mode.innerText()).includes(authentication)) {
			await this.click(mode);
			await this.click(this.page.getByRole('menuitem', { name: authentication }));
		}
		return form;
	}

	/** Types into a field of the open credential form. */
	async fillCredential(field: string, value: string): Promise<void> {
		const input = this.at('editCredential-modal').locator(
			`${id(`parameter-input-${field}`)} :is(input, textarea)`,
		);
		await input.fill(value);
	}

	/** Saves the open credential; n8n tests it, and closes the form when all is well. */
	async saveCredential(): Promise<void> {
		await this.click(this.at('credential-save-button'));
	}

	/** Opens the credential that the node has and waits for n8n's green words. */
	async seeThatCredentialIsTested(): Promise<void> {
		await this.click(this.at('credential-edit-button').first());
		await this.at('credentials-config-container-test-success').waitFor();
	}

	/** Puts everything away that lies over the canvas, then opens the node's panel again. */
	async reopenPanel(): Promise<void> {
		const form = this.at('editCredential-modal');
		if (await form.isVisible()) {
			await this.page.keyboard.press('Escape');
			// n8n asks when it takes its own filling of a form for a change.
			const withoutSaving = this.page.getByRole('button', { name: 'Close', exact: true });
			await until('the form to close, or the question', async () => {
				return (await withoutSaving.isVisible()) || !(await form.isVisible());
			});
			if (await withoutSaving.isVisible()) await withoutSaving.click();
			await form.waitFor({ state: 'hidden' });
		}
		if (await this.at('ndv').isVisible()) return;
		const node = this.at('canvas-node').first();
		// n8n may lay its checklist for published workflows over the canvas, at any moment.
		await node.dblclick({ timeout: 5_000 }).catch(async () => {
			await this.page.keyboard.press('Escape');
			await node.dblclick();
		});
		await this.at('ndv').waitFor();
	}

	/** Unfolds the node's addresses and copies one of them. */
	async copyUrl(kind: 'Test URL' | 'Production URL'): Promise<string> {
		const heading = this.at('ndv').getByText('Webhook URLs', { exact: true });
		const choice = this.at('ndv').getByText(kind, { exact: true });
		if (!(await choice.isVisible())) await this.click(heading);
		const address = this.at('ndv')
			.getByText(kind === 'Test URL' ? /^https?:\/\/\S*\/webhook-test\// : /^https?:\/\/\S*\/webhook\//)
			.first();
		await choice.waitFor();
		if (!(await address.isVisible())) await this.click(choice);
		// What was copied before is not taken for this address.
		await this.page.evaluate(`navigator.clipboard.writeText('')`);
		await this.click(address);
		const copied = async () => await this.page.evaluate<string>('navigator.clipboard.readText()');
		await until('the address in the clipboard', async () => (await copied()) !== '');
		return await copied();
	}

	/** Starts to listen for one test event. */
	async listen(): Promise<void> {
		await this.click(this.at('node-execute-button'));
		await this.at('trigger-listening').waitFor();
	}

	async closePanel(): Promise<void> {
		await this.click(this.at('ndv-close-button'));
		await this.at('ndv').waitFor({ state: 'hidden' });
	}

	async publish(): Promise<void> {
		await this.click(this.at('workflow-open-publish-modal-button'));
		await this.click(this.at('workflow-publish-button'));
		await this.at('workflow-active-version-indicator').waitFor();
		await this.page.keyboard.press('Escape');
	}
}
