import fc from 'fast-check';
import type { EventFormatSettings } from '../../../../../nodes/GameInsightsWebhook/intake/formats/readyFormat';
import type { Receipt } from '../../../../../nodes/GameInsightsWebhook/intake/receipt';
import { buildIntakeRules } from '../../../../../nodes/GameInsightsWebhook/intake/rules';
import { readEvents } from '../../../../../nodes/shared/events/events';
import { taken, USUAL_SETTINGS } from '../../../../support/taken';
import { refusedBy } from '../../../../support/refused';

const PATHS = { events: '', eventType: 'kind', eventId: '', userId: '', timestamp: '' };
const custom = (paths: Partial<typeof PATHS>): { eventFormat: EventFormatSettings } => ({
	eventFormat: { name: 'custom', paths: { ...PATHS, ...paths } },
});
const preset = (name: string): { eventFormat: EventFormatSettings } => ({
	eventFormat: { name, paths: null },
});
const eventsOf = ({ source }: Receipt): unknown[] => readEvents(source);
const LONG = '76561198012345679';

describe('custom paths', () => {
	it.each([
		['an event', '', '{"kind":"a"}', [{ kind: 'a' }]],
		['a list', '', '[{"kind":"a"},{"kind":"a"}]', [{ kind: 'a' }, { kind: 'a' }]],
		['a list deep down', 'data.items', '{"data":{"items":[{"kind":"a"}]},"x":[]}', [{ kind: 'a' }]],
		['one event deep down', 'data', '{"data":{"kind":"a"}}', [{ kind: 'a' }]],
		['the last of two equal names', 'data', '{"data":[{"kind":"b"}],"data":[{"kind":"a"}]}', [{ kind: 'a' }]],
		['a name like that of a prototype', '__proto__', '{"__proto__":[{"kind":"a"}]}', [{ kind: 'a' }]],
	])('lead to %s', async (_, events, body, originals) => {
		const receipt = await taken({ body }, custom({ events }));
		expect(eventsOf(receipt)).toEqual(originals.map((properties) => ({ event_type: 'a', properties })));
		expect(receipt.refusal).toBeNull();
	});

	it('lead into the event, the body around it, and a header', async () => {
		const paths = { events: 'list', eventType: '$header.X-Kind', userId: '$.who.id', eventId: 'meta.id' };
		const receipt = await taken(
			{
				headers: [
					['Content-Type', 'application/json'],
					['x-kind', 'from the header'],
				],
				body: '{"who":{"id":7},"list":[{"meta":{"id":"1"}},{"meta":{"id":2}}]}',
			},
			custom(paths),
		);
		expect(eventsOf(receipt)).toMatchObject([
			{ event_type: 'from the header', user_id: '7', event_id: '1' },
			{ event_type: 'from the header', user_id: '7', event_id: '2' },
		]);
	});

	it.each([
		['RFC 3339', '"2026-01-15T12:00:00+01:00"', '2026-01-15T12:00:00+01:00'],
		['seconds', '1768478400', '2026-01-15T12:00:00.000Z'],
		['seconds with a fraction', '1768478400.5', '2026-01-15T12:00:00.500Z'],
		['milliseconds', '1768478400123', '2026-01-15T12:00:00.123Z'],
		['microseconds', '1768478400123456', '2026-01-15T12:00:00.123Z'],
		['nanoseconds', '1768478400123456789', '2026-01-15T12:00:00.123Z'],
		['a number as text', '"1768478400"', '2026-01-15T12:00:00.000Z'],
		['a space for the T', '"2026-01-15 12:00:00.5Z"', '2026-01-15T12:00:00.5Z'],
		['the latest seconds', '99999999999', '5138-11-16T09:46:39.000Z'],
		['the earliest milliseconds', '100000000000', '1973-03-03T09:46:40.000Z'],
	])('find a time in %s', async (_, time, timestamp) => {
		const receipt = await taken({ body: `{"kind":"a","t":${time}}` }, custom({ timestamp: 't' }));
		expect(eventsOf(receipt)).toMatchObject([{ timestamp }]);
		expect(receipt.rejected).toEqual([]);
	});

	it.each([
		['timestamp', '"yesterday"', 'format'],
		['timestamp', '"2026-01-15 12:00:00"', 'format'],
		['timestamp', '-5', 'format'],
		['timestamp', '{"s":1}', 'format'],
		['userId', '{"id":1}', 'type'],
		['eventId', '["a"]', 'type'],
		['eventId', '""', 'blank'],
		['eventType', 'true', 'type'],
	])('that lead to something else make a dead letter: %s %s', async (field, value, code) => {
		const receipt = await taken({ body: `{"kind":"a","t":${value}}` }, custom({ [field]: 't' }));
		expect(receipt.rejected).toMatchObject([{ reason: 'invalid_event', errors: [{ code }] }]);
	});

	it('that lead nowhere, or to null, leave the field out', async () => {
		const paths = { userId: 'u', eventId: 'e', timestamp: 't.toString' };
		const receipt = await taken({ body: '{"kind":"a","u":null,"t":{}}' }, custom(paths));
		expect(receipt.rejected).toEqual([]);
		expect(Object.keys(eventsOf(receipt)[0] as object)).toEqual(['event_type', 'properties']);
	});

	it.each(['{"kind":"a"}', '{"data":{"list":{}}}', '{"data":"x"}', '7', 'null'])(
		'to a list that is not there: 400, and the body as a dead letter: %s',
		async (body) => {
			const receipt = await taken({ body }, custom({ events: 'data.list.items' }));
			expect(receipt.refusal).toMatchObject({
				status: 400,
				message: 'No events were found at `data.list.items`.',
				errors: [{ code: 'type' }],
			});
			expect(receipt.rejected).toMatchObject([{ raw: body, reason: 'malformed_body' }]);
		},
	);

	it.each([
		[{ eventType: '' }, 'Fill in "Event Type Path"'],
		[{ eventType: 'a..b' }, '"Event Type Path" holds "a..b"'],
		[{ events: '.a' }, '"Events Path" holds ".a"'],
		[{ userId: '$.' }, undefined],
		[{ userId: '$.a.' }, '"User ID Path" holds "$.a."'],
		[{ eventId: '$header.' }, '"Event ID Path" holds "$header."'],
	])('that are none keep the workflow from being published: %j', (paths, message) => {
		const build = () => buildIntakeRules({ ...USUAL_SETTINGS, ...custom(paths) });
		if (message === undefined) expect(build).not.toThrow();
		else
			expect(build).toThrow(
				expect.objectContaining({ name: 'FaultyIntakeSettings', message: expect.stringContaining(message) }),
			);
	});

	it('of a format that is not known keep the workflow from being published', () => {
		expect(() => buildIntakeRules({ ...USUAL_SETTINGS, ...preset('toString') })).toThrow(
			'The event format "toString" is not known: choose one from the list.',
		);
	});
});

describe('what was sent', () => {
	it('stays to the letter under properties: spaces, digits, equal keys, __proto__', async () => {
		const original = `{ "kind":"a", "n": ${LONG}, "d":1.50, "x":1, "x": 2, "__proto__": {"y": 1} }`;
		const { source } = await taken({ body: `[ ${original} ,\n${original}]` }, custom({}));
		const event = `{"event_type":"a","properties":${original}}`;
		expect(source.text).toBe(`[${event},${event}]`);
	});

	it('keeps the digits of an id that is a number', async () => {
		const receipt = await taken({ body: `{"kind":"a","u":${LONG}}` }, custom({ userId: 'u' }));
		expect(eventsOf(receipt)).toMatchObject([{ user_id: LONG, properties: { u: LONG } }]);
	});

	it('by lines is judged line by line, each with its own number', async () => {
		const body = '\n{"kind":"a"}\n\nnot JSON\n{"x":1}\n[1]\n';
		const receipt = await taken({ headers: [['Content-Type', 'application/x-ndjson']], body }, custom({}));
		expect(receipt).toMatchObject({ received: 4, accepted: [{ index: 0 }] });
		expect(receipt.errors.map(({ line, code }) => [line, code])).toEqual([
			[4, 'json'],
			[5, 'required'],
			[6, 'type'],
		]);
	});

	it('by lines under the name of JSON is known by its first two lines', async () => {
		const receipt = await taken({ body: '{"kind":"a"}\n{"kind":"b"}' }, custom({}));
		expect(eventsOf(receipt)).toMatchObject([{ event_type: 'a' }, { event_type: 'b' }]);
	});

	it.each([
		['in a list', '[{"kind":"a"},{"kind":"a"},{"kind":"a"}]', 'application/json'],
		['by lines', '{"kind":"a"}\n{"kind":"a"}\n{"kind":"a"}', 'application/x-ndjson'],
	])('beyond the most events %s is refused', async (_, body, type) => {
		const refusal = await refusedBy(async () =>
			taken({ headers: [['Content-Type', type]], body }, { ...custom({}), maxEventsPerRequest: 2 }),
		);
		expect(refusal).toMatchObject({ status: 413, code: 'too_many_events' });
	});

	it.each([
		['in a list', '[{"kind":"a"},{"kind":"a"}]', 'application/json'],
		['by lines', '{"kind":"a"}\n{"kind":"a"}', 'application/x-ndjson'],
	])('may hold the most events: %s', async (_, body, type) => {
		const receipt = await taken(
			{ headers: [['Content-Type', type]], body },
			{ ...custom({}), maxEventsPerRequest: 2 },
		);
		expect(receipt.accepted).toHaveLength(2);
	});

	it('by lines has its headers, too', async () => {
		const headers = [
			['Content-Type', 'application/x-ndjson'],
			['X-User', 'u1'],
		] as const;
		const receipt = await taken({ headers, body: '{"kind":"a"}' }, custom({ userId: '$header.x-user' }));
		expect(eventsOf(receipt)).toMatchObject([{ user_id: 'u1' }]);
	});

	it.each([
		['{"id":1}', '{}'],
		['[1,2]', '[]'],
		['7.5', '7.5'],
		['true', 'true'],
	])('and is no text where a text belongs is shown once, in its place: %s', async (found, shown) => {
		const { source } = await taken({ body: `{"kind":"a","u":${found}}` }, custom({ userId: 'u' }));
		expect(source).toEqual({
			format: 'json',
			text: `[{"event_type":"a","user_id":${shown},"properties":{"kind":"a","u":${found}}}]`,
		});
	});

	it.each([
		['playFab', 'No events were found in the body itself.'],
		['amplitude', 'No events were found at `events` or in the body itself.'],
	])('holds no place for events of %s', async (name, message) => {
		expect((await taken({ body: '7' }, preset(name))).refusal).toMatchObject({ status: 400, message });
	});

	it.each([
		['its list of events is empty, and there is more', '{"events":[],"EventName":"a"}'],
		['its redrives are not as many as its events', '{"events":[{}],"redrive":[1,2],"EventName":"a"}'],
		['its redrives are no list', '{"events":[{}],"redrive":1,"EventName":"a"}'],
	])('is not taken for what our node sends where %s', async (_, body) => {
		expect(eventsOf(await taken({ body }, preset('playFab')))).toEqual([
			{ event_type: 'a', properties: JSON.parse(body) as unknown },
		]);
	});

	it('beside the events comes with each of them; nothing does where there is nothing', async () => {
		const sent = async (body: string) => (await taken({ body }, preset('googleAnalytics4'))).source.text;
		expect(await sent('{"client_id":"c", "other":1,"events":[{"name":"a"}]}')).toBe(
			'[{"event_type":"a","user_id":"c","envelope":{"client_id":"c"},"properties":{"name":"a"}}]',
		);
		expect(await sent('{"other":1,"events":[{"name":"a"}]}')).toBe(
			'[{"event_type":"a","properties":{"name":"a"}}]',
		);
	});

	it.each(['[]', '{"events":[]}', '', ' '])('holds no events: %j', async (body) => {
		const refusal = await refusedBy(async () => taken({ body }, preset('playFab')));
		expect(refusal).toMatchObject({ status: 400, code: 'invalid_body' });
	});

	it('that is not JSON is told as such', async () => {
		const { refusal } = await taken({ body: '{"kind":' }, custom({}));
		expect(refusal).toMatchObject({ status: 400, errors: [{ code: 'json' }] });
	});

	it('beside the events never takes more room than the events may', async () => {
		const big = 'x'.repeat(100_000);
		const events = Array.from({ length: 100 }, () => ({ name: 'a' }));
		const body = JSON.stringify({ user_id: big, user_properties: { big }, events });
		const receipt = await taken({ body }, preset('googleAnalytics4'));
		expect(receipt.source.text.length).toBeLessThan(10_000);
		expect(receipt.rejected).toEqual([]);
	});

	it('of any kind becomes as many events as stand in the list, with the same JSON in them', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1 }),
				async (list) => {
					const { source } = await taken(
						{ body: JSON.stringify({ data: list }) },
						custom({ events: 'data' }),
					);
					const read = readEvents(source) as Array<{ properties: unknown }>;
					expect(read.map(({ properties }) => JSON.stringify(properties))).toEqual(
						list.map((one) => JSON.stringify(JSON.parse(JSON.stringify(one)))),
					);
				},
			),
			{ numRuns: 200 },
		);
	});
});

describe('what belongs to all events of a request', () => {
	const LIST = '{"batch":[{"event":"a","context":{"ip":"1"}},{"type":"identify"}],"context":{"app":"g"},';

	it.each(['segment', 'rudderStack'])('arrives with each: context and integrations of %s', async (name) => {
		const body = `${LIST}"integrations":{"All":false},"writeKey":"k","sentAt":"t"}`;
		const envelope = { context: { app: 'g' }, integrations: { All: false } };
		expect(eventsOf(await taken({ body }, preset(name)))).toEqual([
			{ event_type: 'a', envelope, properties: { event: 'a', context: { ip: '1' } } },
			{ event_type: 'identify', envelope, properties: { type: 'identify' } },
		]);
	});

	it('is there once where the body is the event itself', async () => {
		const body = '{"event":"a","context":{"ip":"1"},"integrations":{}}';
		expect(eventsOf(await taken({ body }, preset('segment')))).toEqual([
			{ event_type: 'a', properties: JSON.parse(body) },
		]);
	});

	it('says of PostHog that events are moved from elsewhere', async () => {
		const body = '{"api_key":"k","historical_migration":true,"batch":[{"event":"a"}]}';
		expect(eventsOf(await taken({ body }, preset('postHog')))).toEqual([
			{ event_type: 'a', envelope: { historical_migration: true }, properties: { event: 'a' } },
		]);
	});
});

describe('a form of PostHog in a browser', () => {
	it('holds its events as base64', async () => {
		const events = '[{"event":"a","properties":{"distinct_id":"p"}}]';
		const body = `data=${encodeURIComponent(Buffer.from(events).toString('base64'))}`;
		const headers = [['Content-Type', 'application/x-www-form-urlencoded']] as const;
		const receipt = await taken({ headers, body }, preset('postHog'));
		expect(eventsOf(receipt)).toMatchObject([{ event_type: 'a', user_id: 'p' }]);
	});
});

describe('who did it, by the rules of the sender', () => {
	const userOf = async (name: string, event: object) =>
		(eventsOf(await taken({ body: JSON.stringify(event) }, preset(name)))[0] as { user_id?: string }).user_id;

	// docs.mixpanel.com/troubleshooting/errors/server-side-events-without-a-user
	it.each([
		[{ distinct_id: 'p1', $user_id: 'p2', $device_id: 'd' }, 'p1'],
		[{ $user_id: 'p2', $device_id: 'd' }, 'p2'],
		[{ $device_id: 'd' }, 'd'],
		[{ distinct_id: '' }, undefined],
		[{ distinct_id: 76561198012345 }, '76561198012345'],
	])('Mixpanel: %j', async (properties, user) => {
		expect(await userOf('mixpanel', { event: 'a', properties })).toBe(user);
	});

	it.each([
		['segment', { event: 'a', userId: '', anonymousId: 'a1' }, 'a1'],
		['segment', { type: 'alias', previousId: 'a1', userId: 'p1' }, 'p1'],
		['rudderStack', { event: 'a', userId: null, anonymousId: null }, undefined],
		['amplitude', { event_type: 'a', user_id: null, device_id: 'd' }, 'd'],
		['postHog', { event: 'a', distinct_id: 0 }, '0'],
		['playFab', { EventName: 'a', EntityType: 'title', EntityId: 't' }, undefined],
		['photon', { Type: 'Close', UserId: '' }, undefined],
		['unityAnalytics', { eventName: 'a', userID: {} }, undefined],
		['cloudEvents', { specversion: '1.0', id: '1', source: '/', type: 'a', authid: null }, undefined],
	])('%s: %j', async (name, event, user) => {
		expect(await userOf(name, event)).toBe(user);
	});
});

describe('a time without an offset', () => {
	const timeOf = async (name: string, event: object) =>
		(eventsOf(await taken({ body: JSON.stringify(event) }, preset(name)))[0] as { timestamp?: string })
			.timestamp;

	// github.com/PostHog/posthog, rust/common/types/src/timestamp.rs
	it.each([
		['2020-08-16T09:03:11.913767', '2020-08-16T09:03:11.913767Z'],
		['2020-08-16 09:03:11', '2020-08-16T09:03:11Z'],
		['2020-08-16T09:03:11+02:00', '2020-08-16T09:03:11+02:00'],
		['2020-08-16', undefined],
		['yesterday', undefined],
	])('is in UTC for PostHog: %s', async (timestamp, expected) => {
		expect(await timeOf('postHog', { event: 'a', timestamp })).toBe(expected);
	});

	it('is none where the sender does not say', async () => {
		expect(await timeOf('segment', { event: 'a', timestamp: '2020-08-16T09:03:11' })).toBeUndefined();
	});
});

describe('ids that are unique only within something', () => {
	const keyOf = async (body: unknown) =>
		(await taken({ body: JSON.stringify(body) }, preset('cloudEvents'))).accepted[0]?.deduplicationKey;
	const event = { specversion: '1.0', type: 't', source: '/a', id: '1' };

	it('are told apart by it (CloudEvents: source and id)', async () => {
		expect(await keyOf({ ...event, data: 1 })).toBe(await keyOf({ ...event, data: 2 }));
		expect(await keyOf({ ...event, source: '/b' })).not.toBe(await keyOf(event));
		expect(await keyOf({ ...event, id: '2' })).not.toBe(await keyOf(event));
	});
});

describe('a CloudEvent in binary mode', () => {
	const HEADERS = [
		['ce-specversion', '1.0'],
		['ce-type', 't'],
		['ce-source', '/s'],
		['ce-id', '1'],
	] as const;
	const sent = async (type: string, body: string | Buffer, more: Array<readonly [string, string]> = []) =>
		taken({ headers: [...HEADERS, ...more, ['Content-Type', type]], body }, preset('cloudEvents'));

	it('keeps bytes that are no text as base64', async () => {
		const receipt = await sent('image/png', Buffer.from('89504e47ff', 'hex'));
		expect(eventsOf(receipt)).toMatchObject([{ properties: { data_base64: 'iVBOR/8=' } }]);
	});

	it('whose data is not the JSON that it says: 400', async () => {
		expect((await sent('application/json', '{')).refusal).toMatchObject({ errors: [{ code: 'json' }] });
	});

	it.each(['%C0%A0', '%ff'])('with a header that is not UTF-8: 400 (%s)', async (value) => {
		const { refusal } = await sent('application/json', '{}', [['ce-subject', value]]);
		expect(refusal).toMatchObject({ status: 400, errors: [{ code: 'encoding' }] });
	});

	it('packed in a way that nobody undoes: 415', async () => {
		const { refusal } = await sent('application/json', '{}', [['Content-Encoding', 'br']]);
		expect(refusal).toMatchObject({ status: 415 });
	});

	it('has no attribute from a header that is none', async () => {
		const receipt = await sent('application/json', '{}', [
			['ce-data', 'x'],
			['ce-datacontenttype', 'y'],
			['ce-a-b', 'z'],
		]);
		expect(Object.keys((eventsOf(receipt)[0] as { properties: object }).properties)).toEqual([
			'specversion',
			'type',
			'source',
			'id',
			'datacontenttype',
			'data',
		]);
	});

	it('in a form that is not JSON: 415', async () => {
		expect((await sent('application/cloudevents+avro', 'x')).refusal).toMatchObject({ status: 415 });
	});
});
