import { type Browser, type Page, chromium } from 'playwright-core';
import { owner } from '../../lab/owner';
import { demand } from '../../lab/programs';

/** What a person's screen is like. */
export interface Screen {
	readonly width: number;
	readonly height: number;
	readonly theme: 'light' | 'dark';
}

const USUAL: Screen = { width: 1440, height: 900, theme: 'light' };

/** n8n's editor is large, and a busy machine takes its time with it. */
const TIMEOUT_MS = 120_000;

/** A browser in which nothing leaves this machine. */
export class RealBrowser {
	private constructor(
		private readonly browser: Browser,
		private readonly baseUrl: string,
	) {}

	static async start(baseUrl: string): Promise<RealBrowser> {
		const browser = await chromium.launch({
			executablePath: demand('chromium'),
			// Chromium's sandbox does not work for root, and there is nothing foreign to be kept out.
			args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
		});
		return new RealBrowser(browser, baseUrl);
	}

	/** A page on which the owner has signed in, through n8n's own form. */
	async signedIn(screen: Partial<Screen> = {}): Promise<Page> {
		const { width, height, theme } = { ...USUAL, ...screen };
		const context = await this.browser.newContext({
			viewport: { width, height },
			colorScheme: theme,
			reducedMotion: 'reduce',
			permissions: ['clipboard-read', 'clipboard-write'],
			baseURL: this.baseUrl,
		});
		await context.route('**/*', async (route) => {
			const isHere = new URL(route.request().url()).hostname === '127.0.0.1';
			await (isHere ? route.continue() : route.abort());
		});
		const page = await context.newPage();
		page.setDefaultTimeout(TIMEOUT_MS);
		await page.goto('/signin', { waitUntil: 'domcontentloaded' });
		await page.fill('[data-test-id="emailOrLdapLoginId"] input, input[name=emailOrLdapLoginId]', owner.email);
		await page.fill('[data-test-id="password"] input, input[name=password]', owner.password);
		await page.click('[data-test-id="form-submit-button"]');
		await page.waitForURL((url) => !url.pathname.includes('signin'));
		return page;
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}
