import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DEFAULTS, plan, traffic } from './outageDefaults';
import { type OutagePlan, playOutages } from './outageWorld';

const healthy = traffic({ everyMs: 500, requests: 600, type: 'b' });
const all = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const awayFor = (milliseconds: number) => [{ fromMs: 0, toMs: milliseconds, type: null }];

/** What the table in docs/delivery.md is about. */
const CASES: ReadonlyArray<readonly [name: string, plan: OutagePlan]> = [
	[
		'300 events in one request and one every 2 s; an outage of 60 s',
		plan({ traffic: [traffic({ eventsEach: 300 }), traffic({ requests: 35 })], outages: awayFor(60_000) }),
	],
	[
		'1,000 events in one request; an outage of 60 s',
		plan({ traffic: [traffic({ eventsEach: 1_000 })], outages: awayFor(60_000) }),
	],
	[
		'one event a minute; an outage of 2 hours',
		plan({ traffic: [traffic({ everyMs: 60_000, requests: 125 })], outages: awayFor(7_200_000) }),
	],
	[
		'100 events in one request, one of them bad; others go well',
		plan({ traffic: [traffic({ eventsEach: 100, poison: [37] }), healthy] }),
	],
	[
		'100 events in one request, one of them bad; nothing else comes',
		plan({ traffic: [traffic({ eventsEach: 100, poison: [37] })] }),
	],
	[
		'100 events in one request, ten of them bad; others go well',
		plan({
			traffic: [traffic({ eventsEach: 100, poison: [3, 14, 15, 26, 35, 58, 79, 89, 93, 97] }), healthy],
		}),
	],
	[
		'1,000 events in one request, all bad; others go well',
		plan({ traffic: [traffic({ eventsEach: 1_000, poison: all(1_000) }), { ...healthy, requests: 8_000 }] }),
	],
];

async function figuresOf(world: OutagePlan): Promise<string> {
	const { executions, stories, outages } = { ...(await playOutages(world)), outages: world.outages };
	const failed = executions.filter(({ isWell }) => !isWell).length;
	const dead = stories.filter(({ end }) => end === 'deadLettered').length;
	const overMs = Math.max(0, ...outages.map(({ toMs }) => toMs));
	const concerned = stories.filter(({ type, atMs }) => type === 'a' && atMs <= overMs);
	const lastMs = Math.max(...concerned.map(({ endedAtMs }) => endedAtMs));
	return `${failed} | ${dead} | ${Math.max(0, Math.round((lastMs - overMs) / 1_000))} s`;
}

it('the table in docs/delivery.md says what the queue does, without the breaker and with it', async () => {
	const rows: string[] = [];
	for (const [name, world] of CASES) {
		const off = { ...world, settings: { ...DEFAULTS, pauseAfterFailedEvents: 0, jitter: false } };
		const on = { ...world, settings: { ...DEFAULTS, jitter: false } };
		rows.push(`| ${name} | ${await figuresOf(off)} | ${await figuresOf(on)} |`);
	}
	process.stderr.write(`${rows.join('\n')}\n`);
	const page = readFileSync(path.resolve(__dirname, '../../docs/delivery.md'), 'utf8');
	for (const row of rows) expect(page).toContain(row);
}, 120_000);
