import fc from 'fast-check';
import { arrivalOf, payloadOfArrival } from '../../nodes/GameInsightsWebhook/items/payload';
import { itemsOf } from '../../nodes/GameInsightsWebhook/items/outputItems';
import type { Receipt } from '../../nodes/GameInsightsWebhook/intake/receipt';
import { readEvents } from '../../nodes/shared/events/events';
import { validEvent } from '../support/generatedEvents';
import { taken } from '../support/taken';

const SCHEMA = JSON.stringify({
	required: ['user_id'],
	properties: {
		user_id: { minLength: 2 },
		properties: { maxProperties: 1, additionalProperties: { type: 'number' } },
	},
});
const SETTINGS = {
	requiredFields: ['properties'],
	eventTypes: ['purchase', 'level_complete'],
	eventSchemas: [{ eventType: 'purchase', schema: SCHEMA }],
};

/** Valid events, events with a field of another kind, and things that are no events. */
const candidate: fc.Arbitrary<unknown> = fc.oneof(
	{ weight: 4, arbitrary: validEvent },
	{
		weight: 3,
		arbitrary: fc
			.tuple(
				validEvent,
				fc.constantFrom('event_type', 'user_id', 'timestamp', 'properties', 'event_id'),
				fc.constantFrom<unknown>(null, 5, '', 'purchase', {}, []),
			)
			.map(([event, field, value]) => ({ ...event, [field]: value })),
	},
	{ weight: 1, arbitrary: fc.constantFrom<unknown>(null, 1, 'text', {}, [1]) },
);

/** What became of each event, without what a body's form adds: its place, and its line. */
function verdicts({ received, accepted, rejected, ignored, source }: Receipt): unknown[] {
	const events = readEvents(source);
	const verdict = new Map<number, unknown>();
	for (const { index } of accepted) verdict.set(index, ['accepted', JSON.stringify(events[index])]);
	for (const { index, errors, reason, eventText } of rejected) {
		verdict.set(index ?? -1, [
			reason,
			eventText,
			errors.map(({ code, path, message }) => [code, path, message]),
		]);
	}
	expect(verdict.size + ignored).toBe(received);
	return Array.from({ length: received }, (_, index) => verdict.get(index) ?? 'ignored');
}

it('alone, in a list, in "events" and as lines, the same events get the same verdicts', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(candidate, { minLength: 1, maxLength: 5 }), async (events) => {
			const texts = events.map((event) => JSON.stringify(event));
			const json = async (body: string) => verdicts(await taken({ body }, SETTINGS));
			const inList = await json(`[${texts.join(',')}]`);
			expect(await json(`{"events":[${texts.join(' , ')}]}`)).toEqual(inList);
			const headers = [['Content-Type', 'application/x-ndjson']] as const;
			const lines = await taken({ headers, body: `\n${texts.join('\n\n')}` }, SETTINGS);
			expect(verdicts(lines)).toEqual(inList);
			for (const { index, errors } of lines.rejected) {
				expect(errors.map(({ line }) => line)).toEqual(errors.map(() => 2 + 2 * (index ?? 0)));
			}
			for (const [index, event] of events.entries()) {
				// Alone, only an object can be an event, and one with "events" is a batch.
				if (typeof event !== 'object' || event === null || Array.isArray(event)) continue;
				expect(await json(texts[index] ?? '')).toEqual([inList[index]]);
			}
		}),
		{ numRuns: 150 },
	);
});

it.each([
	['JSON', 'application/json', (texts: string[]) => `[${texts.join(',')}]`],
	['lines', 'application/x-ndjson', (texts: string[]) => texts.join('\n')],
])(
	'"keep" and "split" give the workflow the same events of %s, as one item or one each',
	async (_, type, bodyOf) => {
		const texts = [
			'{"event_type":"purchase","user_id":"u1","properties":{}}',
			'{"event_type":"purchase"}',
			'{"event_type":"level_complete","properties":{"n":1.50}}',
		];
		const receipt = await taken({ headers: [['Content-Type', type]], body: bodyOf(texts) }, SETTINGS);
		const itemsWith = (batches: 'keep' | 'split') =>
			itemsOf(payloadOfArrival(arrivalOf(receipt, '', []), { batches, includeDelivery: false }), () => '')
				.events;
		const valid = [texts[0], texts[2]].map((text) => JSON.parse(text ?? ''));
		expect(itemsWith('split')).toEqual(valid);
		expect(itemsWith('keep')).toEqual([{ events: valid }]);
		expect(receipt.rejected.map(({ index }) => index)).toEqual([1]);
	},
);
