/**
 * The cases of CloudEvents' own conformance tests, by their names there:
 * github.com/cloudevents/conformance, format/json/ (valid and invalid events and batches),
 * features/http-protocol-binding.feature and yaml/v1.0/v1_minimum.yaml.
 */
import type { Receipt } from '../../../../../nodes/GameInsightsWebhook/intake/receipt';
import { readEvents } from '../../../../../nodes/shared/events/events';
import { refusedBy } from '../../../../support/refused';
import { taken } from '../../../../support/taken';

const SETTINGS = { eventFormat: { name: 'cloudEvents', paths: null } };
const EVENT_TYPE = 'application/cloudevents+json';
const BATCH_TYPE = 'application/cloudevents-batch+json';

const minimal = {
	specversion: '1.0',
	id: 'minimal',
	type: 'io.cloudevents.test',
	source: 'https://cloudevents.io',
};
const without = (name: keyof typeof minimal): object => {
	const { [name]: _, ...others } = minimal;
	return others;
};
const allCore = {
	...minimal,
	...{ id: 'allCore', subject: 'tests', time: '2018-04-05T17:31:00Z' },
	...{ datacontenttype: 'text/plain', dataschema: 'https://cloudevents.io/dataschema' },
};
const allExtensionTypes = {
	...minimal,
	...{ id: 'allExtensionTypes', extinteger: 10, extboolean: true, extstring: 'text' },
	...{ exturi: 'https://cloudevents.io', exturiref: '//authority/path' },
	...{ exttimestamp: '2023-03-31T15:12:00Z', extbinary: 'TWE=' },
};

const sent = async (body: unknown, type = EVENT_TYPE): Promise<Receipt> =>
	await taken({ headers: [['Content-Type', type]], body: JSON.stringify(body) }, SETTINGS);
const eventsOf = ({ source }: Receipt): any[] => readEvents(source);

describe('a valid event', () => {
	it.each<[string, object, string | undefined]>([
		['validMinimal', minimal, undefined],
		[
			'validMinimalWithNullForOptional',
			{ ...minimal, datacontenttype: null, dataschema: null, subject: null, time: null },
			undefined,
		],
		['validAllCoreAttributes', allCore, allCore.time],
		['validMinimalWithTimeUtc', { ...minimal, time: allCore.time }, allCore.time],
		[
			'validMinimalWithTimeToNanosecondsUtc',
			{ ...minimal, time: '2018-04-05T17:31:00.000000000Z' },
			'2018-04-05T17:31:00.000000000Z',
		],
		[
			'validMinimalWithTimeUsingPositiveOffset',
			{ ...minimal, time: '2018-04-05T18:31:00+01:00' },
			'2018-04-05T18:31:00+01:00',
		],
		[
			'validMinimalWithTimeUsingNegativeOffset',
			{ ...minimal, time: '2018-04-05T16:31:00-01:00' },
			'2018-04-05T16:31:00-01:00',
		],
		['validRelativeSource', { ...minimal, source: '#fragment' }, undefined],
		['validSimpleTextData', { ...minimal, datacontenttype: 'text/plain', data: 'Simple text' }, undefined],
		['validAllExtensionTypes', allExtensionTypes, undefined],
	])('%s arrives whole', async (_, event, timestamp) => {
		const receipt = await sent(event);
		expect(receipt.rejected).toEqual([]);
		const { id, type } = event as typeof minimal;
		expect(eventsOf(receipt)).toEqual([
			{
				event_type: type,
				event_id: id,
				...(timestamp === undefined ? {} : { timestamp }),
				properties: event,
			},
		]);
	});
});

describe('a batch', () => {
	it('validBatchEmpty holds no events', async () => {
		expect(await refusedBy(async () => sent([], BATCH_TYPE))).toMatchObject({
			status: 400,
			code: 'invalid_body',
		});
	});

	it.each([
		['validBatchMinimal', [minimal]],
		['validBatchMinimalAndAllCore', [minimal, allCore]],
		['validBatchMinimalAndAllExtensionTypes', [minimal, allExtensionTypes]],
	])('%s arrives whole', async (_, batch) => {
		const receipt = await sent(batch, BATCH_TYPE);
		expect(receipt.rejected).toEqual([]);
		expect(eventsOf(receipt).map(({ properties }) => properties)).toEqual(batch);
	});

	it('validBatchMinimal2 holds the same event twice: the second is told to be a repeat', async () => {
		const { accepted } = await sent([minimal, minimal], BATCH_TYPE);
		expect(accepted).toHaveLength(2);
		expect(accepted[0]?.deduplicationKey).toBe(accepted[1]?.deduplicationKey);
	});

	it.each([
		['invalidBatchContainingInvalidCloudEvent', [without('id')], [0]],
		['invalidBatchContainingNonObject', ['not an object', minimal], [0]],
		['invalidBatchMixedSpecVersions', [minimal, { ...minimal, id: 'b', specversion: '0.9' }], [1]],
	])('%s: only what is invalid in it is a dead letter', async (_, batch, invalid) => {
		const { rejected, accepted } = await sent(batch, BATCH_TYPE);
		expect(rejected.map(({ index }) => index)).toEqual(invalid);
		expect(accepted).toHaveLength(batch.length - invalid.length);
	});
});

describe('an invalid event', () => {
	it.each<[string, object, string, string]>([
		['invalidNoSpecVersion', without('specversion'), '/properties/specversion', 'required'],
		['invalidNoId', without('id'), '/properties/id', 'required'],
		['invalidNoType', without('type'), '/event_type', 'required'],
		['invalidNoSource', without('source'), '/properties/source', 'required'],
		['invalidEmptyId', { ...minimal, id: '' }, '/properties/id', 'blank'],
		['invalidEmptyType', { ...minimal, type: '' }, '/event_type', 'required'],
		['invalidEmptySource', { ...minimal, source: '' }, '/properties/source', 'blank'],
		['invalidEmptySpecVersion', { ...minimal, specversion: '' }, '/properties/specversion', 'const'],
		['invalidUnknownSpecVersion', { ...minimal, specversion: '0.9' }, '/properties/specversion', 'const'],
		['invalidNumericId', { ...minimal, id: 25 }, '/properties/id', 'type'],
		['invalidObjectId', { ...minimal, id: { xyz: 'abc' } }, '/properties/id', 'type'],
	])('%s is a dead letter that says why', async (_, event, path, code) => {
		const { rejected, accepted } = await sent(event);
		expect(accepted).toEqual([]);
		expect(rejected).toMatchObject([{ reason: 'invalid_event', errors: [{ path, code }] }]);
	});

	// Nothing depends on these: the event is taken as it was sent, and a time that is none is left out.
	it.each<[string, object]>([
		['invalidTimeGarbage', { time: 'lunchtime' }],
		['invalidTimeToMinute', { time: '2018-04-05T18:31Z' }],
		['invalidTimeOffsetX', { time: '2018-04-05T18:31:00X' }],
		['invalidTimeOffsetOutOfRange', { time: '2018-04-05T18:31:00+25:00' }],
		['invalidTimeOffsetNonInteger', { time: '2018-04-05T18:31:00+xx:00' }],
		['invalidTimeOffsetHourOnly', { time: '2018-04-05T18:31:00+05' }],
		['invalidNonRfc2046DataContentType', { datacontenttype: 'xyz' }],
		['invalidEmptyDataContentType', { datacontenttype: '' }],
		['invalidEmptyDataSchema', { dataschema: '' }],
		['invalidEmptySubject', { subject: '' }],
		['invalidCapitalizedExtension', { MyExtension: 'bad' }],
		['invalidPunctuatedExtension', { 'my.extension': 'bad' }],
		['invalidNonIntegerExtensionValue', { 'my.extension': 1.5 }],
		['invalidBothDataAndDataBase64', { data: 'text', data_base64: 'eyAieHl6IjogMTIzIH0=' }],
	])('%s is taken as it was sent', async (_, more) => {
		const event = { ...minimal, ...more };
		const receipt = await sent(event);
		expect(receipt.rejected).toEqual([]);
		expect(eventsOf(receipt)).toEqual([
			{ event_type: minimal.type, event_id: minimal.id, properties: event },
		]);
	});
});

describe('the HTTP protocol binding', () => {
	const attributes = {
		...{ specversion: '1.0', type: 'com.example.someevent', time: '2018-04-05T03:56:24Z' },
		...{ id: '1234-1234-1234', source: '/mycontext/subcontext' },
	};
	const message = { message: 'Hello World!' };
	const fields = {
		event_type: attributes.type,
		timestamp: attributes.time,
		event_id: attributes.id,
	};
	const inHeaders = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value] as const);

	it.each(['application/json', 'application/json; charset=utf-8'])(
		'binary content mode (%s)',
		async (type) => {
			const body = `${JSON.stringify(message, null, 4)}\n`;
			const receipt = await taken({ headers: [...inHeaders, ['Content-Type', type]], body }, SETTINGS);
			expect(eventsOf(receipt)).toEqual([
				{ ...fields, properties: { ...attributes, datacontenttype: type, data: message } },
			]);
		},
	);

	it.each([EVENT_TYPE, `${EVENT_TYPE}; charset=utf-8`, 'Application/CloudEvents+JSON; Charset="UTF-8"'])(
		'structured content mode (%s)',
		async (type) => {
			const event = { ...attributes, datacontenttype: 'application/json', data: message };
			expect(eventsOf(await sent(event, type))).toEqual([{ ...fields, properties: event }]);
		},
	);

	it.each([
		['conformance-0001', 'text/plain; charset=us-ascii', 'Hello, World!\n', 'Hello, World!\n'],
		['conformance-0002', 'text/plain; charset=utf-8', 'Hello, 🌎!\n', 'Hello, 🌎!\n'],
		['conformance-0003', 'application/json; charset=utf-8', '"Hello, 🌎!"\n', 'Hello, 🌎!'],
		['conformance-0004', 'application/json; charset=utf-8', '{"msg":"Hello, 🌎!"}\n', { msg: 'Hello, 🌎!' }],
		['conformance-0005', 'application/json; charset=utf-8', '["Hello","🌎!"]\n', ['Hello', '🌎!']],
		[
			'conformance-0006',
			'application/xml; charset=utf-8',
			'<msg>Hello, 🌎!</msg>\n',
			'<msg>Hello, 🌎!</msg>\n',
		],
	])('%s in binary mode', async (id, type, body, data) => {
		const headers = [
			['ce-specversion', '1.0'],
			['ce-type', 'io.cloudevents.minimum'],
			['ce-id', id],
			['ce-source', '//github.com/cloudevents/cloudeventsconformance/yaml/v1.yaml'],
			['Content-Type', type],
		] as const;
		const receipt = await taken({ headers, body }, SETTINGS);
		expect(receipt.rejected).toEqual([]);
		expect(eventsOf(receipt)).toMatchObject([{ event_id: id, properties: { datacontenttype: type, data } }]);
	});
});
