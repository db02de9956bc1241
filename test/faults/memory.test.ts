import { forLoad } from '../../lab/environment';
import { API_KEY, Instance, until } from '../e2e/instance';
import { DurableEndpoints } from '../e2e/journalAccess';
import { sendNumbered } from '../support/ledger';
import { residentMb } from '../support/residentMb';
import { withKey } from '../support/sender';

/** An hour's worth of ten events a second, as fast as they are taken. */
const EVENTS = Number(process.env.MEMORY_EVENTS ?? 36_000);
const SAMPLES = 12;

/**
 * What n8n may hold more at the end than it held after a third of the events: less than a few kB for each of
 * them.
 */
const MOST_GROWTH = 1.15;

jest.setTimeout(1_800_000);

let instance: Instance;

beforeAll(async () => {
	instance = await Instance.start('memory', {
		...forLoad,
		// n8n deletes old executions as it does in production, where there are more than its limit of 10,000.
		EXECUTIONS_DATA_PRUNE_MAX_COUNT: '1000',
	});
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 90_000);

it.each([
	['without', false],
	['with', true],
])("n8n's memory stays flat under an hour's worth of events, %s Durable", async (which, isDurable) => {
	instance.sink.reset();
	const parameters = { options: { executionPer: 'group', maxPendingEvents: 2_000, acceptTimeout: 20 } };
	const endpoint = isDurable
		? await (await DurableEndpoints.in(instance)).make(parameters)
		: await instance.endpoint('apiKey', { parameters });
	let seen = 0;
	instance.sink.behave = ({ items }) => {
		seen += items.length;
		// The sink itself must not remember an hour of events.
		instance.sink.deliveries.length = 0;
		return 200;
	};
	const rssMb: number[] = [];
	const { sent, accepted } = await sendNumbered({
		...{ url: endpoint.url, headers: withKey(API_KEY), connections: 16, insists: true },
		goesOn: (count) => {
			// Each connection asks once more at the end.
			const goesOn = count < EVENTS;
			if (goesOn && count % Math.ceil(EVENTS / SAMPLES) === 0) rssMb.push(residentMb(instance.n8n.pid));
			return goesOn;
		},
	});
	await until('all of them at the sink', () => seen >= EVENTS, 120_000);
	rssMb.push(residentMb(instance.n8n.pid));
	process.stderr.write(`${EVENTS} events ${which} Durable: RSS of n8n ${rssMb.join(' ')} MB\n`);
	expect([sent, accepted.length]).toEqual([EVENTS, EVENTS]);
	const afterAThird = Math.max(...rssMb.slice(0, SAMPLES / 3 + 1));
	expect(Math.max(...rssMb.slice(-3))).toBeLessThan(afterAThird * MOST_GROWTH);
	await instance.n8n.api.unpublish(endpoint.workflowId);
});
