import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unauthorized } from '../../../../nodes/GameInsightsWebhook/intake/authenticate/unauthorized';
import { answersOfFormat } from '../../../../nodes/GameInsightsWebhook/intake/formats/readyFormat';
import { FORMATS } from '../../../../nodes/shared/formats/formats';
import { tooManyEvents } from '../../../../nodes/shared/events/valuesIn';
import { busy, notStored, refusalReply } from '../../../../nodes/GameInsightsWebhook/intake/reply';
import { notConfigured } from '../../../../nodes/shared/refusal';
import { readEvents } from '../../../../nodes/shared/events/events';
import { eventFormatProperties } from '../../../../nodes/GameInsightsWebhook/panel/eventFormat';
import { taken } from '../../../support/taken';

/** A request as its sender makes it, and the events that it becomes. */
interface Fixture {
	readonly name: string;
	readonly headers: ReadonlyArray<readonly [string, string]>;
	readonly body?: unknown;
	/** Instead of `body`: not JSON, or as it stands here. */
	readonly text?: string;
	/** Without their properties, which are the originals. */
	readonly events: ReadonlyArray<Record<string, unknown>>;
	/** Where they are not found in the body. */
	readonly properties?: readonly unknown[];
}

const folder = path.join(__dirname, '../../../../nodes/shared/formats/fixtures');
const names = readdirSync(folder).map((file) => path.basename(file, '.json'));
const fixturesOf = (name: string): Fixture[] =>
	JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as Fixture[];

const CASES = names.flatMap((name) =>
	fixturesOf(name).map((fixture) => [name, fixture.name, fixture] as const),
);

const settingsOf = (name: string) => ({ eventFormat: { name, paths: null } });
const bodyOf = ({ body, text }: Fixture): string => text ?? JSON.stringify(body);

/** Every object in a JSON value, itself included, as text: what an original must be one of. */
function objectsIn(value: unknown): string[] {
	if (typeof value !== 'object' || value === null) return [];
	return [JSON.stringify(value), ...Object.values(value).flatMap(objectsIn)];
}

describe('a preset', () => {
	it('is one record and one fixture: nothing else has to be added', () => {
		expect(names.sort()).toEqual([...FORMATS.keys()].sort());
	});

	it.each([...FORMATS])('names its sources and says what to do at the sender: %s', (name, format) => {
		expect(format.sources.every((source) => source.startsWith('https://'))).toBe(true);
		expect(format.setUp).toMatch(/^[A-Z].{60,}\.$/);
		const words = eventFormatProperties.find(
			(property) => property.name === `${name}FormatNotice`,
		)?.displayName;
		expect(words).toContain(format.setUp);
		expect(words).toMatch(
			/ Each item has event_type from .*, and the event as it was sent(, without .*,)? under properties\.$/,
		);
	});

	it('can be chosen in the panel, in the order of the alphabet', () => {
		const { options = [] } = eventFormatProperties[0] ?? {};
		const values = options.map((option) => ('value' in option ? option.value : ''));
		expect([...values].sort()).toEqual([...FORMATS.keys(), 'custom', 'gameInsights'].sort());
		const shown = options.map((option) => option.name);
		expect(shown).toEqual([...shown].sort((one, other) => one.localeCompare(other)));
	});
});

describe('the example of each preset', () => {
	it.each([...FORMATS])('%s: becomes what the panel shows of it', async (name, { example }) => {
		const receipt = await taken({ body: JSON.stringify(example.sent) }, settingsOf(name));
		expect(receipt).toMatchObject({ received: 1, rejected: [], errors: [], refusal: null });
		const [event] = readEvents(receipt.source) as Array<Record<string, unknown>>;
		const { properties, ...fields } = event ?? {};
		expect(fields).toEqual(example.arrives);
		expect(Object.keys(properties as object).length).toBeGreaterThan(1);
		const shown = eventFormatProperties.find((property) => property.name === `${name}Example`);
		const [sent, item] = (shown?.default as string).split(/^\/\/ .*$/m).slice(1);
		expect(JSON.parse(sent ?? '')).toEqual(example.sent);
		expect(JSON.parse((item ?? '').replace(/\/\* the event as it was sent.* \*\//, ''))).toEqual({
			...example.arrives,
			properties: {},
		});
	});
});

describe('the key that a sender has at its vendor, in the event itself', () => {
	const SECRET = 'a-key-that-nobody-may-see';
	const withKeyAt = ([name = '', ...inner]: readonly string[], event: Record<string, unknown>): object => ({
		...event,
		[name]: inner.length === 0 ? SECRET : withKeyAt(inner, (event[name] ?? {}) as Record<string, unknown>),
	});
	const PLACES = [...FORMATS].flatMap(([name, { keys = [] }]) => keys.map((key) => [name, key] as const));

	it.each(PLACES)('%s: %s never reaches an item', async (name, key) => {
		const { fields } = FORMATS.get(name)!;
		const event = withKeyAt(key.split('.'), { [fields.eventType[0] as string]: 'a', other: { b: 1 } });
		const bodies = [JSON.stringify(event), JSON.stringify([event, { x: 1 }])];
		for (const body of bodies) {
			const receipt = await taken({ body }, settingsOf(name));
			expect(receipt.accepted).toHaveLength(1);
			expect(receipt.source.text).not.toContain(SECRET);
			expect(receipt.source.text).toContain('"other":{"b":1}');
		}
	});

	it.each(PLACES)('%s: nor %s a dead letter', async (name, key) => {
		const body = JSON.stringify(withKeyAt(key.split('.'), { x: 1 }));
		const { rejected } = await taken({ body }, settingsOf(name));
		expect(rejected).toHaveLength(1);
		expect(JSON.stringify(rejected)).not.toContain(SECRET);
	});

	const WITH_LIST = [...FORMATS].filter(([, { events, example }]) =>
		Object.hasOwn(example.sent, events[0] ?? ''),
	);

	it.each(WITH_LIST)('%s: nor does one beside its events', async (name, { example }) => {
		const beside = { api_key: SECRET, writeKey: SECRET, token: SECRET, options: { key: SECRET } };
		const body = JSON.stringify({ ...example.sent, ...beside });
		const receipt = await taken({ body }, settingsOf(name));
		expect(receipt.accepted).toHaveLength(1);
		expect(receipt.source.text).not.toContain(SECRET);
	});

	it('is looked for in every format with a list', () => {
		expect(WITH_LIST.map(([name]) => name)).toEqual([
			...['amplitude', 'googleAnalytics4', 'postHog', 'rudderStack', 'segment'],
		]);
	});

	it('leaves the rest as it was sent, whatever stands around it and however often it comes', async () => {
		const body =
			'[ { "writeKey" : "a" , "event":"x" ,"n": 1.50, "writeKey":{"b":[1,"}"]}, "in": {"writeKey": 1 } } ]';
		const { source } = await taken({ body }, settingsOf('segment'));
		expect(source.text).toBe(
			'[{"event_type":"x","properties":{ "event":"x" ,"n": 1.50, "in": {"writeKey": 1 } }}]',
		);
	});
});

describe('a refusal in the form of each preset', () => {
	const REFUSALS = [
		unauthorized('why'),
		busy(7),
		notStored('tooLarge'),
		notStored('refused'),
		notConfigured('why'),
		tooManyEvents(1),
	];

	it.each(names)('%s: has its status, when to come back, and words that hide the reason', (name) => {
		for (const refusal of REFUSALS) {
			const { status, headers, body } = refusalReply(refusal, 'id', answersOfFormat({ name, paths: null }));
			expect(status).toBe(refusal.status);
			expect(headers).toEqual(refusal.headers);
			expect(JSON.stringify(body)).not.toContain('why');
			const { error, code } = body as { error: unknown; code?: number };
			if (code === undefined) expect(error).toMatchObject({ code: refusal.code });
			// What Amplitude's and Mixpanel's programs read: a code that is the status, and a text.
			else expect([code, typeof error]).toEqual([status, 'string']);
		}
	});
});

describe('requests of each preset', () => {
	it.each(CASES)('%s: %s', async (name, _, fixture) => {
		const { headers, events, properties } = fixture;
		const receipt = await taken({ headers, body: bodyOf(fixture) }, settingsOf(name));
		expect(receipt).toMatchObject({ received: events.length, rejected: [], errors: [], refusal: null });
		const read = readEvents(receipt.source) as Array<Record<string, unknown>>;
		expect(read.map(({ properties: _properties, ...fields }) => fields)).toEqual(events);
		if (properties !== undefined) {
			expect(read.map((event) => event.properties)).toEqual(properties);
		} else if (fixture.body !== undefined) {
			const keys = (FORMATS.get(name)?.keys ?? []).map((key) => key.split('.').at(-1));
			const body = JSON.stringify(fixture.body, (key, value) => (keys.includes(key) ? undefined : value));
			const originals = objectsIn(JSON.parse(body));
			for (const event of read) expect(originals).toContain(JSON.stringify(event.properties));
		}
	});

	it.each(names)('%s: a redriven event of the Game Insights node is one', async (name) => {
		const event = { event_type: 'a', event_id: 'e', properties: { EventName: 'b' } };
		const receipt = await taken(
			{ body: JSON.stringify({ events: [event], redrive: [{ count: 2, of: 'r.0' }] }) },
			settingsOf(name),
		);
		expect(readEvents(receipt.source)).toEqual([event]);
		expect(receipt.accepted).toMatchObject([{ redrive: { count: 2, of: 'r.0' } }]);
	});

	it.each(names)('%s: an event without a type is a dead letter', async (name) => {
		const { rejected } = await taken({ body: '{"x":1}' }, settingsOf(name));
		expect(rejected).toHaveLength(1);
	});
});
