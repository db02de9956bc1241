import type { DeliverySettings } from '../../../../nodes/GameInsightsWebhook/queue/deliverySettings';
import {
	type Payload,
	arrivalOf,
	payloadOfArrival,
	payloadOfJob,
} from '../../../../nodes/GameInsightsWebhook/items/payload';
import { deadLetterOfRejected } from '../../../../nodes/GameInsightsWebhook/items/rejectedEvent';
import { itemsOf } from '../../../../nodes/GameInsightsWebhook/items/outputItems';
import { takenJson } from '../../../support/taken';
import { World, valueOf } from '../queue/fakeEngine';

const of = 'first.0';
const event = { event_type: 'purchase', event_id: 'e-1' };
const split = { batches: 'split', includeDelivery: true } as const;
/** As n8n does between the process that hands over and the one that executes. */
const stored = (payload: Payload): Payload => JSON.parse(JSON.stringify(payload)) as Payload;
const items = (payload: Payload) => itemsOf(stored(payload), (id) => id);

async function arrival(redrive?: unknown) {
	const receipt = await takenJson({ events: [{ event_type: 'fresh' }, event], redrive });
	return arrivalOf(receipt, 'orders', []);
}

/** A queue that is offered the same event twice: how many executions it starts. */
async function twice(first: unknown, second: unknown, settings: Partial<DeliverySettings> = {}) {
	const world = new World(settings);
	const offer = async (redrive: unknown) => {
		const receipt = await takenJson({ events: [event], redrive });
		return world.queue.offer(arrivalOf(receipt, 'orders', []));
	};
	await offer(first);
	await world.theStarted().succeed();
	const answer = await offer(second);
	return { answer, executions: world.started().length };
}

describe('a redriven event', () => {
	it('runs again although the event was processed a moment ago', async () => {
		expect(await twice(undefined, [{ count: 1, of }])).toMatchObject({
			answer: { accepted: 1, duplicates: 0 },
			executions: 1,
		});
	});

	it('that is sent twice runs once', async () => {
		expect(await twice([{ count: 1, of }], [{ count: 1, of }])).toMatchObject({
			answer: { accepted: 0, duplicates: 1 },
			executions: 0,
		});
	});

	it('that is redriven once more runs again', async () => {
		expect(await twice([{ count: 1, of }], [{ count: 2, of }])).toMatchObject({
			answer: { accepted: 1, duplicates: 0 },
			executions: 1,
		});
	});

	it('says so in _delivery; an event beside it does not', async () => {
		const { events } = items(payloadOfArrival(await arrival([null, { count: 2, of }]), split));
		expect(events.map((item) => (item._delivery as { redrive?: unknown }).redrive)).toEqual([
			undefined,
			{ count: 2, of },
		]);
	});

	it('says so when it is kept alone in its request', async () => {
		const receipt = await takenJson({ events: [event], redrive: [{ count: 1, of }] });
		const payload = payloadOfArrival(arrivalOf(receipt, '', []), {
			batches: 'keep',
			includeDelivery: true,
		});
		expect(items(payload).events).toMatchObject([{ _delivery: { redrive: { count: 1, of } } }]);
	});

	it('that fails again is dead-lettered with its count and the first delivery', async () => {
		const world = new World({ maxRetries: 0 });
		const ticket = world.queue.offer(await arrival([null, { count: 2, of }]));
		if ('retryAfterSeconds' in ticket) throw new Error('The queue is full');
		const letters: unknown[] = [];
		for (let round = 0; round < 8; round++) {
			for (const execution of world.started()) {
				if (execution.content.kind !== 'deadLetters') {
					await execution.fail();
					continue;
				}
				const { deadLetters } = items(payloadOfJob(execution.content, split));
				letters.push(...deadLetters.map((letter) => [letter.event, letter.redrive]));
				await execution.succeed();
			}
			await world.clock.advance(60_000);
		}
		expect(await valueOf(ticket.kept)).toBe('kept');
		expect(letters).toHaveLength(2);
		expect(letters).toContainEqual([{ event_type: 'fresh' }, { count: 0, of: null }]);
		expect(letters).toContainEqual([event, { count: 2, of }]);
	});

	it('that is not valid is dead-lettered with its count and the first delivery', async () => {
		const receipt = await takenJson({ events: [{ event_type: 5 }], redrive: [{ count: 1, of }] });
		const [rejected] = receipt.rejected;
		if (rejected === undefined) throw new Error('The event was taken');
		expect(deadLetterOfRejected(rejected, receipt, '', true)).toMatchObject({
			redrive: { count: 1, of },
			delivery: { redrive: { count: 1, of } },
		});
	});
});
