import fc from 'fast-check';
import { readEvents } from '../../../../../nodes/shared/events/events';
import { FORMATS } from '../../../../../nodes/shared/formats/formats';
import type { EventFormat, FieldPaths } from '../../../../../nodes/shared/formats/format';
import { eventTexts } from '../../../../../nodes/shared/events/slice';
import { Refusal } from '../../../../../nodes/shared/refusal';
import { inputs } from '../../../../support/quick';
import { taken } from '../../../../support/taken';

/** Names that a format reads, and names that mean something to JavaScript or to n8n. */
const NAMES = [
	...new Set(
		[...FORMATS.values()].flatMap(({ events, fields, keys = [], envelope = [], idWithin = [] }) =>
			[
				...[...events, ...keys, ...envelope, ...idWithin, 'specversion', 'source'],
				...Object.values(fields).flatMap((places) =>
					(places as FieldPaths).map((place) => (typeof place === 'string' ? place : place.path)),
				),
			].flatMap((path) => path.replace(/^\$\./, '').split('.')),
		),
	),
	...[
		'__proto__',
		'constructor',
		'toString',
		'json',
		'binary',
		'error',
		'$error',
		'$json',
		'redrive',
		'_delivery',
	],
].filter((name) => name !== '');

const leaf = fc.oneof(
	fc.constantFrom<unknown>(
		null,
		'',
		' ',
		0,
		-0,
		-1,
		1.5,
		1e21,
		1768478400,
		1768478400123,
		true,
		'1.0',
		'player',
	),
	fc.constantFrom(
		'2026-01-15T12:00:00Z',
		'2026-01-15 12:00:00',
		'9999-12-31T23:59:59Z',
		'__proto__',
		'\ud800',
	),
	fc.jsonValue({ maxDepth: 1 }),
);
const { value } = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
	object: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 6 }),
	value: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		...[leaf, fc.array(tie('value'), { maxLength: 4 }), tie('object'), tie('object')],
	),
}));

/** The fields of an object, some of them replaced or added. */
const spoilt = (object: unknown): fc.Arbitrary<unknown> =>
	fc
		.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 3 })
		.map((others) => ({ ...(object as object), ...others }));

/**
 * Requests of a format with events that are more or less as they should be, in all its shapes; and any other
 * JSON.
 */
function bodiesOf({ events: [list = ''], example: { sent } }: EventFormat): fc.Arbitrary<string> {
	const inList = (sent as Record<string, unknown>)[list];
	const [event] = [inList ?? sent].flat();
	const some = fc.array(fc.oneof({ weight: 4, arbitrary: spoilt(event) }, value), {
		minLength: 1,
		maxLength: 4,
	});
	return fc.oneof(
		some.map((events) => JSON.stringify(events)),
		some.map((events) => events.map((one) => JSON.stringify(one)).join('\n')),
		spoilt(event).map((one) => JSON.stringify(one)),
		fc
			.tuple(spoilt(sent), some)
			.map(([body, events]) => JSON.stringify({ ...(body as object), ...(list && { [list]: events }) })),
		value.map((one) => JSON.stringify(one)),
	);
}
const TYPES = [
	'application/json',
	'application/x-ndjson',
	'application/cloudevents-batch+json',
	'application/x-www-form-urlencoded',
];

it.each([...FORMATS])(
	'%s: whatever is sent, each event is taken, ignored, or rejected, and can be told',
	async (name, format) => {
		const seen = { accepted: 0, rejected: 0 };
		await fc.assert(
			fc.asyncProperty(bodiesOf(format), fc.constantFrom(...TYPES), async (body, type) => {
				const request = { headers: [['Content-Type', type]] as const, body };
				const receipt = await taken(request, { eventFormat: { name, paths: null } }).catch(
					(error: unknown) => {
						if (error instanceof Refusal && [400, 413].includes(error.status)) return null;
						throw error;
					},
				);
				if (receipt === null || receipt.received === 0) return;
				const { accepted, rejected, ignored, received, source } = receipt;
				seen.accepted += accepted.length;
				seen.rejected += rejected.length;
				expect(accepted.length + rejected.length + ignored).toBe(received);
				const events = readEvents(source) as Array<Record<string, unknown>>;
				expect(events).toHaveLength(received);
				for (const { index } of accepted) {
					expect(typeof events[index]?.event_type).toBe('string');
					expect(JSON.parse(eventTexts(source, [index])[0] ?? '')).toMatchObject({
						event_type: events[index]?.event_type,
					});
				}
				expect(Object.prototype).not.toHaveProperty('event');
			}),
			{ numRuns: inputs(500) },
		);
		// Both come, or nothing was tried.
		expect(Math.min(seen.accepted, seen.rejected)).toBeGreaterThan(5);
	},
);
