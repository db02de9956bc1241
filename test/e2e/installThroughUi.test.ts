import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { node } from '../../lab/paths';
import { prepare } from '../../lab/realN8n';
import manifest from '../../package.json';

const folder = mkdtempSync(path.join(tmpdir(), 'game-insights-install-'));
const installed = path.join(folder, 'node_modules', manifest.name);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readManifest = () => JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));

/**
 * As n8n's community-packages.service.js does after `npm pack`: unpack, strip, install. Its flags, word for
 * word.
 */
function installAsN8nDoes(tarball: string): void {
	mkdirSync(installed, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
	const stripped = readManifest();
	for (const kind of ['devDependencies', 'peerDependencies', 'optionalDependencies']) delete stripped[kind];
	writeFileSync(path.join(installed, 'package.json'), JSON.stringify(stripped, null, 2));
	execFileSync(
		'npm',
		[
			'install',
			'--audit=false',
			'--fund=false',
			'--bin-links=false',
			'--install-strategy=shallow',
			'--ignore-scripts=true',
			'--package-lock=false',
		],
		{ cwd: installed, stdio: 'ignore' },
	);
}

describe('every check that an install through the UI of n8n makes', () => {
	beforeAll(async () => {
		const { tarball } = await prepare(() => undefined);
		installAsN8nDoes(tarball);
	}, 300_000);

	it('needs nothing but itself: no dependencies, no scripts that would have to run', () => {
		expect(existsSync(path.join(installed, 'node_modules'))).toBe(false);
		for (const kind of ['dependencies', 'bundledDependencies', 'bundleDependencies', 'overrides']) {
			expect(readManifest()).not.toHaveProperty(kind);
		}
		for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
			expect(readManifest().scripts).not.toHaveProperty(script);
		}
	});

	it('passes in n8n itself: name, version, API version, nodes, credentials, icons', () => {
		const checks = path.resolve(__dirname, '../../lab/installChecks.js');
		const printed = execFileSync(node, [checks, installed], {
			env: { ...process.env, N8N_USER_FOLDER: folder },
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const found = JSON.parse(printed.trim().split('\n').at(-1) ?? '');
		expect(found).toMatchObject({
			packageName: manifest.name,
			version: manifest.version,
			isApiVersionCompatible: true,
			missingIcons: [],
		});
		expect(found.loadedNodes).toHaveLength(manifest.n8n.nodes.length);
		// Of several versions n8n lists the last one, whatever the default is.
		expect(found.loadedNodes).toContainEqual({ name: 'gameInsightsWebhookTrigger', version: 2 });
		expect(found.credentials).toHaveLength(manifest.n8n.credentials.length);
		for (const { supportedNodes } of found.credentials) expect(supportedNodes.length).toBeGreaterThan(0);
	}, 120_000);

	it('refuses a package that n8n would refuse', () => {
		const { name, ...rest } = readManifest();
		writeFileSync(path.join(installed, 'package.json'), JSON.stringify({ ...rest, name: `x-${name}` }));
		const checks = path.resolve(__dirname, '../../lab/installChecks.js');
		const run = (): unknown => execFileSync(node, [checks, installed], { stdio: 'pipe' });
		expect(run).toThrow(/Package name must start with n8n-nodes-/);
	}, 120_000);
});
