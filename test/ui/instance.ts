import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { lab, root } from '../../lab/paths';
import { type RealN8n, prepare, startN8n } from '../../lab/realN8n';
import { copyOf } from '../../lab/userFolder';
import { RealBrowser, type Screen } from './browser';
import { Editor } from './editor';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * A real n8n into which the packed package was installed as n8n's documentation says, and a browser beside
 * it.
 */
export class UiInstance {
	private constructor(
		readonly n8n: RealN8n,
		private readonly browser: RealBrowser,
	) {}

	static async start(label: string): Promise<UiInstance> {
		const { tarball, prepared } = await prepare(say);
		const userFolder = copyOf(prepared, label);
		const nodes = path.join(userFolder, '.n8n', 'nodes');
		mkdirSync(nodes, { recursive: true });
		// https://docs.n8n.io/integrations/community-nodes/installation/manual-install/
		execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball], {
			cwd: nodes,
			stdio: 'ignore',
		});
		const n8n = await startN8n({ userFolder });
		return new UiInstance(n8n, await RealBrowser.start(n8n.baseUrl));
	}

	async editor(screen: Partial<Screen> = {}): Promise<Editor> {
		return new Editor(await this.browser.signedIn(screen));
	}

	async remove(): Promise<void> {
		await this.browser.close();
		await this.n8n.remove();
	}
}

/** Where pictures of failed tests and of every look of the node go. */
export const pictureFolder = path.join(lab, 'pictures');

/** The largest file of a picture in the documentation. */
const MOST_BYTES = 150_000;

/**
 * Checks that the documentation has a picture of that name; `npm run docs:images` replaces it with the one
 * just taken.
 */
export function showInDocumentation(name: string, taken: string): void {
	const target = path.join(root, 'docs', 'images', `${name}.png`);
	if (process.env.GAME_INSIGHTS_DOCS_IMAGES === 'write') copyFileSync(taken, target);
	expect(readFileSync(target).length).toBeLessThan(MOST_BYTES);
	expect(readFileSync(taken).length).toBeGreaterThan(10_000);
}

/** Does something on a page; when that fails, what was on the screen is kept as a picture. */
export async function seen<T>(page: Page, name: string, does: () => Promise<T>): Promise<T> {
	try {
		return await does();
	} catch (error) {
		const file = path.join(pictureFolder, `failed-${name}.png`);
		await page.screenshot({ path: file }).catch(() => undefined);
		say(`What was on the screen: ${file}`);
		throw error;
	}
}
