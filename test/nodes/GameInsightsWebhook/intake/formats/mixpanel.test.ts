import { buildAuthenticator } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import { answersOfFormat } from '../../../../../nodes/GameInsightsWebhook/intake/formats/readyFormat';
import { receive } from '../../../../../nodes/GameInsightsWebhook/intake/receive';
import { receiptReply, refusalReply } from '../../../../../nodes/GameInsightsWebhook/intake/reply';
import { buildIntakeRules, type IntakeSettings } from '../../../../../nodes/GameInsightsWebhook/intake/rules';
import { unauthorized } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/unauthorized';
import { notConfigured } from '../../../../../nodes/shared/refusal';
import { incomingRequest } from '../../../../support/incomingRequest';
import { refusedBy } from '../../../../support/refused';
import { USUAL_SETTINGS } from '../../../../support/taken';

const KEY = 'a key of thirty-two characters...';
const MIXPANEL = { name: 'mixpanel', paths: null };
const authenticate = buildAuthenticator('apiKey', { apiKey: KEY, sentIn: 'query', queryParameter: 'key' });
const event = (insertId: unknown, name: unknown = 'a', more: object = {}) => ({
	event: name,
	properties: { $insert_id: insertId, distinct_id: 'p1', time: 1768478400, ...more },
});

async function receiptOf(events: unknown, query: string, settings: Partial<IntakeSettings> = {}) {
	const request = incomingRequest({
		headers: [['Content-Type', 'application/json']],
		body: JSON.stringify(events),
		target: `/webhook/1/events?key=${encodeURIComponent(KEY)}${query}`,
	});
	const rules = buildIntakeRules({ ...USUAL_SETTINGS, eventFormat: MIXPANEL, ...settings });
	return await receive(request, rules, authenticate);
}

async function answered(events: unknown, query: string, settings: Partial<IntakeSettings> = {}) {
	const receipt = await receiptOf(events, query, settings);
	const accepted = receipt.accepted.length;
	const reply = receiptReply(receipt, { status: 'accepted', accepted, duplicates: 0 });
	const body = typeof reply.body === 'string' ? JSON.parse(reply.body) : reply.body;
	return { status: reply.status, type: reply.headers['content-type'], body, accepted };
}
const JSON_TYPE = 'application/json';

const SCHEMA = JSON.stringify({
	properties: { properties: { properties: { properties: { properties: { amount: { type: 'number' } } } } } },
});

describe('a request that asks Mixpanel for strict=1', () => {
	it.each(['&strict=1', '&path=/import?strict=1', '&strict=1&project_id=7'])(
		'is told how many events were taken: %s',
		async (query) => {
			expect(await answered([event('i1'), event('i2')], query)).toEqual({
				status: 200,
				type: JSON_TYPE,
				body: { code: 200, num_records_imported: 2, status: 'OK' },
				accepted: 2,
			});
		},
	);

	it('is told which events failed, and the others are taken', async () => {
		const eventSchemas = [{ eventType: 'b', schema: SCHEMA }];
		const events = [event('i1', ''), event('i2'), event('i3', 'b', { amount: '9,99' }), 7];
		expect(await answered(events, '&strict=1', { eventSchemas })).toEqual({
			status: 400,
			type: JSON_TYPE,
			body: {
				code: 400,
				num_records_imported: 1,
				status: 'Bad Request',
				error: 'some data points in the request failed validation',
				failed_records: [
					{ index: 0, insert_id: 'i1', field: 'event', message: '`event_type` is missing' },
					{
						index: 2,
						insert_id: 'i3',
						field: 'properties.amount',
						message: expect.stringContaining('must be a number'),
					},
					{ index: 3, field: '', message: expect.stringContaining('must be an object') },
				],
			},
			accepted: 1,
		});
	});

	it('is told which events failed when all did', async () => {
		const { status, body } = await answered([event('i1', null)], '&strict=1');
		expect(status).toBe(400);
		expect(body).toMatchObject({
			code: 400,
			num_records_imported: 0,
			failed_records: [{ index: 0, insert_id: 'i1', field: 'event' }],
		});
	});

	it('is answered with what the owner typed, where that is something', async () => {
		const { status, body } = await answered([event('i1'), 7], '&strict=1', { responseBody: '{"ok":1}' });
		expect([status, body]).toEqual([200, { ok: 1 }]);
	});
});

describe('a request that asks Mixpanel for verbose=1, as its programs do', () => {
	it.each(['&verbose=1', '&path=/track?ip=0&verbose=1'])('is answered in JSON: %s', async (query) => {
		const { status, body } = await answered([event('i1'), 7], query);
		expect([status, body]).toEqual([200, { status: 1, error: null }]);
	});

	it('and for strict=1: the answer of that', async () => {
		const { body } = await answered([event('i1')], '&strict=1&verbose=1');
		expect(body).toEqual({ code: 200, num_records_imported: 1, status: 'OK' });
	});

	it('but is no question: the answer without', async () => {
		expect((await answered([event('i1')], '&verbose=0')).body).toBe(1);
	});
});

describe('any other request to Mixpanel', () => {
	it.each(['', '&strict=0', '&strict=11', '&xstrict=1'])('is answered with 1: %s', async (query) => {
		expect(await answered([event('i1'), 7], query)).toMatchObject({ status: 200, body: 1 });
	});

	it('that is refused as a whole finds the code, and the events that failed', async () => {
		const refusal = await refusedBy(async () =>
			receiptOf([event('i1', null), event('i2')], '', { invalidEvents: 'rejectRequest' }),
		);
		expect(refusalReply(refusal, 'id', answersOfFormat(MIXPANEL))).toMatchObject({
			status: 400,
			body: { code: 400, failed_records: [{ index: 0, field: 'event' }] },
		});
		expect(refusalReply(unauthorized('why'), 'id', answersOfFormat(MIXPANEL))).toEqual({
			status: 401,
			headers: {},
			body: {
				code: 401,
				status: 'Unauthorized',
				error: 'The credentials of this request are missing or wrong.',
				request_id: 'id',
			},
		});
		expect(refusalReply(notConfigured('why'), 'id', answersOfFormat(MIXPANEL)).body).toMatchObject({
			code: 500,
			status: 'Error',
		});
	});

	it('whose body is no JSON keeps our own words beside the code', async () => {
		const request = incomingRequest({ body: '{', target: `/events?key=${encodeURIComponent(KEY)}` });
		const rules = buildIntakeRules({ ...USUAL_SETTINGS, eventFormat: MIXPANEL });
		const { refusal, answers } = await receive(request, rules, authenticate);
		if (refusal === null) throw new Error('It was taken');
		expect(refusalReply(refusal, 'id', answers).body).toMatchObject({
			code: 400,
			error: { code: 'invalid_body' },
		});
	});
});
