import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { prepare, startN8n } from '../../lab/realN8n';
import { installPackage } from '../../lab/userFolder';
import manifest from '../../package.json';
import { HMAC_SECRET, Instance } from '../e2e/instance';
import { DurableEndpoints } from '../e2e/journalAccess';
import { post, signed } from '../support/sender';
import { expectNothingLost, ordinaryTrouble, underLoad, usualParameters } from './underLoad';

jest.setTimeout(400_000);

let instance: Instance;

afterEach(async () => {
	await instance.remove();
}, 90_000);

/** One scene on the instance at hand. */
async function tried(
	what: string,
	isDurable: boolean,
	fault: (workflowId: string) => Promise<void>,
): Promise<void> {
	ordinaryTrouble(instance.sink);
	const endpoint = isDurable
		? await (await DurableEndpoints.in(instance)).make(usualParameters)
		: await instance.endpoint('apiKey', { parameters: usualParameters });
	const { sink, n8n } = instance;
	const name = `${what}, ${isDurable ? 'with' : 'without'} Durable`;
	const scene = { name, endpoint, sink, api: () => n8n.api };
	const became = await underLoad({ ...scene, fault: async () => await fault(endpoint.workflowId) });
	expectNothingLost(became, isDurable);
}

describe.each([
	['without', false],
	['with', true],
])('regular mode with SQLite %s Durable, 200 means kept', (_, isDurable) => {
	it('while the workflow is republished five times', async () => {
		instance = await Instance.start('faults-republished');
		await tried('republished 5 times', isDurable, async (workflowId) => {
			for (let version = 0; version < 5; version++) {
				const { nodes } = await instance.n8n.api.call('GET', `/workflows/${workflowId}`);
				const [trigger, ...others] = nodes;
				await instance.n8n.api.updateWorkflow(workflowId, {
					nodes: [{ ...trigger, position: [0, version] }, ...others],
				});
				await instance.n8n.api.publish(workflowId);
				await pause(1_000);
			}
		});
	});

	it('while the package is upgraded to a next version, which is a restart of n8n', async () => {
		instance = await Instance.start('faults-upgraded');
		const { tarball } = await prepare(() => undefined);
		await tried('package upgraded', isDurable, async () => {
			await instance.n8n.stop();
			const { userFolder } = instance.n8n;
			installPackage(userFolder, tarball);
			const file = path.join(userFolder, '.n8n/nodes/node_modules', manifest.name, 'package.json');
			writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), version: '99.0.0' }));
			await instance.n8n.start();
		});
	});

	it("while n8n's clock jumps ten minutes ahead", async () => {
		const clockFile = path.join(mkdtempSync(path.join(tmpdir(), 'game-insights-clock-')), 'clock');
		writeFileSync(clockFile, '+0');
		instance = await Instance.start('faults-clock', {
			LD_PRELOAD: libfaketime(),
			FAKETIME_TIMESTAMP_FILE: clockFile,
			FAKETIME_CACHE_DURATION: '1',
			FAKETIME_DONT_FAKE_MONOTONIC: '1',
		});
		await tried("n8n's clock 10 minutes ahead", isDurable, async () => {
			writeFileSync(clockFile, '+600');
			await pause(8_000);
		});

		// A signed request carries the sender's time: ten minutes are outside of the tolerance.
		const body = '{"event_type":"signed"}';
		const hmac = await instance.endpoint('hmac');
		expect((await post(hmac.url, body, signed(body, HMAC_SECRET))).status).toBe(401);
		const credentials = await instance.credential('hmac', { timestampTolerance: 900 });
		const tolerant = await instance.endpoint('hmac', { credentials });
		expect((await post(tolerant.url, body, signed(body, HMAC_SECRET))).status).toBe(200);
	});

	it('while the disk under the SQLite file is full', async () => {
		const disk = mkdtempSync(path.join(tmpdir(), 'game-insights-disk-'));
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', disk]);
		try {
			const { tarball, prepared } = await prepare(() => undefined);
			execFileSync('cp', ['-r', `${prepared}/.`, disk]);
			installPackage(disk, tarball);
			const n8n = await startN8n({ userFolder: disk });
			instance = await Instance.around(n8n);
			const filler = path.join(disk, 'filler');
			await tried('disk full for 10 s', isDurable, async () => {
				execFileSync('sh', ['-c', `dd if=/dev/zero of=${filler} bs=64k 2>/dev/null || true`]);
				await pause(10_000);
				rmSync(filler);
				// n8n could not write how executions ended, and shows them as running until it is started again.
				await pause(3_000);
				await instance.n8n.restart();
			});
		} finally {
			await instance.n8n.stop();
			execFileSync('umount', ['-l', disk]);
		}
	});
});

/** Where Debian's package keeps the library that shows a program another time. */
function libfaketime(): string {
	const found = readdirSync('/usr/lib')
		.map((architecture) => path.join('/usr/lib', architecture, 'faketime', 'libfaketime.so.1'))
		.find((file) => existsAsFile(file));
	if (found === undefined) throw new Error('libfaketime is not on this machine: apt-get install faketime');
	return found;
}

function existsAsFile(file: string): boolean {
	try {
		return readFileSync(file).length > 0;
	} catch {
		return false;
	}
}
