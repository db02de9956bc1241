import fc from 'fast-check';
import { isQuick } from '../support/quick';
import { DEFAULTS, plan, traffic } from './outageDefaults';
import { type OutagePlan, type Report, playOutages } from './outageWorld';

const deadOf = ({ stories }: Report) => stories.filter(({ end }) => end === 'deadLettered');
const goodDeadOf = (report: Report) => deadOf(report).filter(({ isPoison }) => !isPoison);
const noticesOf = ({ notices }: Report): string[] => notices.map(({ reason }) => reason);

/** The promise of an outage's cost, in executions that carried events while it lasted. */
function mostExecutions(report: Report, { settings }: OutagePlan, fromMs: number, toMs: number): number {
	const within = report.executions.filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs < toMs);
	const firstTries = within.filter(({ isFirstTry }) => isFirstTry).length;
	const longMs = toMs - fromMs;
	return firstTries + Math.log2(longMs / settings.initialDelayMs) + longMs / settings.maxDelayMs + 10;
}

describe('an outage of everything', () => {
	it.each([10_000, 60_000, 600_000, 6 * 3_600_000])('of %d ms costs no event', async (longMs) => {
		const requests = Math.ceil((longMs + 60_000) / 2_000);
		const world = plan({
			traffic: [
				traffic({ eventsEach: 300, fromMs: 10_000 }),
				traffic({ requests: Math.min(requests, 2_000) }),
			],
			outages: [{ fromMs: 10_000, toMs: 10_000 + longMs, type: null }],
		});
		const report = await playOutages(world);
		expect(deadOf(report)).toEqual([]);
		expect(noticesOf(report)).toEqual(longMs > 3_000 ? ['outage', 'recovered'] : []);
		const during = report.executions.filter(
			({ startedAtMs }) => startedAtMs >= 10_000 && startedAtMs < 10_000 + longMs,
		).length;
		expect(during).toBeLessThanOrEqual(mostExecutions(report, world, 10_000, 10_000 + longMs));
	});

	it.each([60_000, 600_000])(
		'of %d ms with only one request waiting is told, and costs no event',
		async (longMs) => {
			const report = await playOutages(
				plan({ traffic: [traffic({ eventsEach: 100 })], outages: [{ fromMs: 0, toMs: longMs, type: null }] }),
			);
			expect(deadOf(report)).toEqual([]);
			expect(noticesOf(report)).toEqual(['outage', 'recovered']);
		},
	);

	it('at one event a minute costs no more than pauseAfterFailedEvents', async () => {
		const report = await playOutages(
			plan({
				traffic: [traffic({ everyMs: 60_000, requests: 180 })],
				outages: [{ fromMs: 600_000, toMs: 600_000 + 2 * 3_600_000, type: null }],
			}),
		);
		expect(deadOf(report).length).toBeLessThan(25);
		expect(noticesOf(report)).toEqual(['outage', 'recovered']);
	});

	it('that lasts longer than maxAge gives events up as expired, and no others', async () => {
		const report = await playOutages(
			plan({
				settings: { ...DEFAULTS, maxAgeMs: 3_600_000 },
				traffic: [traffic({ eventsEach: 100 }), traffic({ everyMs: 60_000, requests: 200 })],
				outages: [{ fromMs: 0, toMs: 2 * 3_600_000, type: null }],
			}),
		);
		expect(new Set(deadOf(report).map(({ reason }) => reason))).toEqual(new Set(['expired']));
		for (const { atMs, endedAtMs } of deadOf(report)) {
			expect(endedAtMs - atMs).toBeGreaterThan(3_600_000);
			expect(endedAtMs - atMs).toBeLessThan(3_600_000 + 70_000);
		}
	});

	it('tries a newly published version at once', async () => {
		const report = await playOutages(
			plan({
				traffic: [traffic({ eventsEach: 50 })],
				outages: [{ fromMs: 0, toMs: 1_000_000, type: null }],
				publishedAtMs: [1_000_500],
			}),
		);
		expect(report.notices.map(({ reason, atMs }) => [reason, atMs > 1_000_500 && atMs < 1_000_600])).toEqual([
			['outage', false],
			['recovered', true],
		]);
		expect(deadOf(report)).toEqual([]);
	});
});

describe('few failures', () => {
	it('reach Dead Letter as the retry settings say, without a pause', async () => {
		const report = await playOutages(plan({ traffic: [traffic({ requests: 5, poison: [0, 1, 2, 3, 4] })] }));
		expect(deadOf(report)).toHaveLength(5);
		expect(report.executions).toHaveLength(20);
		expect(noticesOf(report)).toEqual([]);
	});
});

describe('bad events among good ones', () => {
	const healthy = traffic({ everyMs: 200, requests: 400, type: 'b' });

	it.each([
		['others go well', 17, [healthy]],
		['nothing else comes', 19, []],
	] as const)(
		'are found, and are no outage, when %s: one of 100 within %d executions',
		async (_, most, others) => {
			for (let poison = 0; poison < 100; poison += isQuick ? 9 : 1) {
				const report = await playOutages(
					plan({ traffic: [traffic({ eventsEach: 100, poison: [poison] }), ...others] }),
				);
				expect(deadOf(report).map(({ isPoison }) => isPoison)).toEqual([true]);
				const ofOthers = others.reduce((sum, { requests }) => sum + requests, 0);
				expect(report.executions.length - ofOthers).toBeLessThanOrEqual(most);
				expect(noticesOf(report)).toEqual([]);
			}
		},
		120_000,
	);

	it('end within 64 executions when all 1,000 of a request are bad, each accounted for', async () => {
		const poison = Array.from({ length: 1_000 }, (_, index) => index);
		const report = await playOutages(
			plan({ traffic: [traffic({ eventsEach: 1_000, poison }), { ...healthy, requests: 40_000 }] }),
		);
		expect(deadOf(report)).toHaveLength(1_000);
		expect(deadOf(report).filter(({ isTogether }) => isTogether).length).toBeGreaterThan(900);
		expect(report.executions.length - 40_000).toBeLessThanOrEqual(64);
		expect(noticesOf(report)).toEqual([]);
	}, 120_000);
});

/** Any world: any settings, traffic, bad events and outages. */
const anyWorld: fc.Arbitrary<OutagePlan> = fc.record({
	settings: fc
		.record({
			maxRetries: fc.integer({ min: 2, max: 4 }),
			initialDelayMs: fc.constantFrom(100, 1_000, 5_000),
			maxDelayMs: fc.constantFrom(5_000, 60_000),
			maxAgeMs: fc.constantFrom(DEFAULTS.maxAgeMs, 600_000),
			jitter: fc.boolean(),
			pauseAfterFailedEvents: fc.constantFrom(5, 25, 100),
			executionPer: fc.constantFrom('request' as const, 'event' as const, 'group' as const),
			maxConcurrentExecutions: fc.integer({ min: 1, max: 8 }),
		})
		.map((some) => ({ ...DEFAULTS, ...some })),
	traffic: fc.array(
		fc.record({
			fromMs: fc.nat(300_000),
			everyMs: fc.constantFrom(300, 2_000, 10_000, 60_000),
			requests: fc.integer({ min: 1, max: 60 }),
			eventsEach: fc.constantFrom(1, 1, 3, 30, 200),
			type: fc.constantFrom('a' as const, 'b' as const),
			poison: fc.array(fc.nat(300), { maxLength: 3 }),
		}),
		{ minLength: 1, maxLength: 5 },
	),
	outages: fc
		.array(
			fc.record({
				fromMs: fc.nat(400_000),
				longMs: fc.constantFrom(5_000, 20_000, 60_000, 400_000, 4_000_000),
				type: fc.constantFrom(null, null, 'a' as const),
			}),
			{ maxLength: 4 },
		)
		.map((all) => all.map(({ fromMs, longMs, type }) => ({ fromMs, toMs: fromMs + longMs, type }))),
	takesMs: fc.constantFrom(1, 20, 900, 8_000),
	publishedAtMs: fc.array(fc.nat(500_000), { maxLength: 2 }),
});

const seed = Number(process.env.SIMULATION_SEED ?? Date.now() % 2 ** 31);
/** Some 1,000,000 deliveries; a quarter of that in the quick proof. */
const worlds = Number(process.env.SIMULATION_OUTAGE_WORLDS ?? (isQuick ? 25 : 100));

it('in any world each event ends once, a good one is given up by an outage of its type alone, and notices come in pairs', async () => {
	let deliveries = 0;
	await fc.assert(
		fc.asyncProperty(anyWorld, async (world) => {
			const report = await playOutages(world);
			deliveries += report.deliveries;
			for (const { end } of report.stories) expect(end).not.toBeNull();
			const names = noticesOf(report);
			expect(names).toEqual(names.map((_, at) => (at % 2 === 0 ? 'outage' : 'recovered')));
			const away = world.outages
				.map(({ toMs, fromMs }) => toMs - fromMs)
				.reduce((sum, each) => sum + each, 0);
			if (away === 0) {
				// What could not be told apart from bad events says so.
				for (const { isTogether, reason } of goodDeadOf(report))
					expect(isTogether || reason === 'expired').toBe(true);
			}
		}),
		{ seed, numRuns: worlds },
	);
	process.stderr.write(`Seed ${seed}: ${worlds} worlds, ${deliveries} deliveries\n`);
}, 3_600_000);
