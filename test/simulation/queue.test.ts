import fc from 'fast-check';
import { isQuick } from '../support/quick';
import { play } from './history';
import type { Tally } from './ledger';
import { plan } from './plan';

/** Some 1,200,000 deliveries. */
const USUAL_HISTORIES = 2_600;

/**
 * Another seed in each run, so that the histories of all runs add up. Replay one with the seed that was
 * printed: `SIMULATION_SEED=… npm run test:simulation`, with `SIMULATION_PATH=…` the one history that failed.
 */
const seed = Number(process.env.SIMULATION_SEED ?? Date.now() % 2 ** 31);
/** Names one history of that seed, and how it was shrunk. */
const path = process.env.SIMULATION_PATH;
const histories = Number(
	process.env.SIMULATION_HISTORIES ?? (isQuick ? USUAL_HISTORIES / 4 : USUAL_HISTORIES),
);

it('in thousands of worlds the queue keeps each of its promises to each event', async () => {
	const tally: Tally = {
		...{ requests: 0, refused: 0, accepted: 0, duplicates: 0, executions: 0, deliveries: 0 },
		...{ processed: 0, deadLettered: 0, handedBack: 0, withdrawn: 0, lost: 0 },
	};
	const startedAtMs = Date.now();
	await fc.assert(
		fc.asyncProperty(plan, (each) => play(each, tally)),
		{ seed, numRuns: histories, ...(path === undefined ? {} : { path, endOnFailure: true }) },
	);
	const seconds = Math.round((Date.now() - startedAtMs) / 1_000);
	process.stderr.write(`Seed ${seed}: ${histories} histories in ${seconds} s, ${JSON.stringify(tally)}\n`);
	const { accepted, deliveries, processed, deadLettered, handedBack, withdrawn, lost } = tally;
	expect(processed + deadLettered + handedBack + withdrawn + lost).toBe(accepted);
	if (path === undefined && histories === USUAL_HISTORIES) {
		expect(deliveries).toBeGreaterThanOrEqual(1_000_000);
	}
}, 3_600_000);
