import type { Receipt } from '../../../../nodes/GameInsightsWebhook/intake/receipt';
import { Refusal } from '../../../../nodes/shared/refusal';
import {
	busy,
	notKept,
	receiptReply,
	refusalReply,
	notStored,
	withReason,
} from '../../../../nodes/GameInsightsWebhook/intake/reply';
import { incomingRequest } from '../../../support/incomingRequest';
import { taken, takenJson } from '../../../support/taken';

const { requestId } = incomingRequest({});
const GOOD = { event_type: 'a' };
const BAD = { event_type: 5 };
const BAD_ERROR = {
	index: 1,
	code: 'type',
	path: '/event_type',
	message: '`event_type` must be text, it is the number 5',
};

describe('the answer to a request that is kept', () => {
	it.each(['accepted', 'processed', 'dead_lettered'] as const)(
		'is 200 and says what became of it: %s',
		async (status) => {
			const receipt = await takenJson([GOOD, BAD, GOOD, GOOD, { event_type: 'b' }], { eventTypes: ['a'] });
			expect(receiptReply(receipt, { status, accepted: 2, duplicates: 1 })).toEqual({
				status: 200,
				headers: {},
				body: {
					status,
					request_id: requestId,
					received: 5,
					accepted: 2,
					dead_lettered: 1,
					duplicates: 1,
					ignored: 1,
					errors: [BAD_ERROR],
				},
			});
		},
	);

	it('is 200 when all of it is ignored', async () => {
		const receipt = await takenJson([GOOD], { eventTypes: ['b'] });
		expect(receiptReply(receipt, { status: 'accepted', accepted: 0, duplicates: 0 })).toMatchObject({
			status: 200,
			body: { received: 1, accepted: 0, dead_lettered: 0, ignored: 1, errors: [] },
		});
	});

	it('is 400 when no event in it is valid', async () => {
		const receipt = await takenJson([BAD, BAD]);
		expect(receiptReply(receipt, { status: 'accepted', accepted: 0, duplicates: 0 })).toEqual({
			status: 400,
			headers: {},
			body: {
				error: {
					code: 'invalid_events',
					message: 'None of the events is valid.',
					errors: [{ ...BAD_ERROR, index: 0 }, BAD_ERROR],
				},
				request_id: requestId,
			},
		});
	});

	it('is 400 for a body that can not be read', async () => {
		const receipt = await taken({ body: '{"event_type":' });
		const message = 'The body is not valid JSON: it breaks off at line 1, column 15';
		expect(receiptReply(receipt, { status: 'accepted', accepted: 0, duplicates: 0 })).toEqual({
			status: 400,
			headers: {},
			body: {
				error: {
					code: 'invalid_body',
					message: `${message}.`,
					errors: [{ index: null, code: 'json', message, path: '' }],
				},
				request_id: requestId,
			},
		});
	});

	it('is 415 for a content type that events do not come in', async () => {
		const receipt = await taken({ headers: [['Content-Type', 'text/xml']], body: '<event/>' });
		expect(receiptReply(receipt, { status: 'accepted', accepted: 0, duplicates: 0 })).toMatchObject({
			status: 415,
			body: { error: { code: 'unsupported_media_type' } },
		});
	});

	it("is the sender's own where its documentation prescribes one, unless nothing could be taken", async () => {
		const prescribedAnswer = { status: 204, headers: { 'x-hook': '1' }, body: '' };
		const good: Receipt = { ...(await takenJson(GOOD)), prescribedAnswer };
		const bad: Receipt = { ...(await takenJson(BAD)), prescribedAnswer };
		const outcome = { status: 'accepted', accepted: 1, duplicates: 0 } as const;
		expect(receiptReply(good, outcome)).toEqual(prescribedAnswer);
		expect(receiptReply(bad, outcome).status).toBe(400);
	});
});

describe('the answer to a request that is refused', () => {
	it('says why, with the headers that go with it and nothing that is for the log', () => {
		const refusal = new Refusal(401, 'unauthorized', 'Go away.', {
			headers: { 'WWW-Authenticate': 'Bearer' },
			operatorMessage: 'The signature is stale.',
		});
		expect(refusalReply(refusal, requestId, undefined)).toEqual({
			status: 401,
			headers: { 'WWW-Authenticate': 'Bearer' },
			body: { error: { code: 'unauthorized', message: 'Go away.', errors: [] }, request_id: requestId },
		});
	});

	it('is what the sender insists on, to the letter, where it does', () => {
		const refusal = {
			status: 400,
			headers: { 'content-type': 'application/json' },
			body: '{"error":{"code":"INVALID_SIGNATURE"}}',
		};
		const answers = { refusal, repeatsOn: 'failure' } as const;
		const refused = new Refusal(401, 'unauthorized', 'Go away.');
		expect(refusalReply(refused, requestId, answers)).toEqual(refusal);
		const other = new Refusal(403, 'address_not_allowed', 'Go away.');
		expect(refusalReply(other, requestId, answers).status).toBe(403);
	});

	it('to come again later is 503 for a sender that comes again only after a server error', () => {
		const limited = new Refusal(429, 'rate_limited', 'Later.', { headers: { 'Retry-After': '7' } });
		expect(refusalReply(limited, requestId, { repeatsOn: 'serverError' })).toEqual({
			status: 503,
			headers: { 'Retry-After': '7' },
			body: { error: { code: 'rate_limited', message: 'Later.', errors: [] }, request_id: requestId },
		});
		for (const repeatsOn of ['failure', 'nothing', 'unsaid'] as const) {
			expect(refusalReply(limited, requestId, { repeatsOn }).status).toBe(429);
		}
		const forbidden = new Refusal(403, 'address_not_allowed', 'Go away.');
		expect(refusalReply(forbidden, requestId, { repeatsOn: 'serverError' }).status).toBe(403);
	});

	it("holds what the sender's programs look for, made of the refusal and of the events that were rejected", async () => {
		const refusalBody = jest.fn(() => ({ code: 7, error: 'own words' }));
		const answers = { repeatsOn: 'unsaid', refusalBody } as const;
		const receipt = { ...(await takenJson(BAD)), answers };
		const { status, body } = receiptReply(receipt, { status: 'accepted', accepted: 0, duplicates: 0 });
		expect({ status, body }).toEqual({
			status: 400,
			body: { code: 7, error: 'own words', request_id: requestId },
		});
		const before = new Refusal(403, 'address_not_allowed', 'Go away.');
		refusalReply(before, requestId, answers);
		expect(refusalBody.mock.calls).toEqual([
			[receipt.refusal, receipt.rejected],
			[before, []],
		]);
	});

	it.each([
		[5, '5', '5 seconds'],
		[1, '1', '1 second'],
		[0, '1', '1 second'],
		[-3, '1', '1 second'],
		[0.2, '1', '1 second'],
		[1.2, '2', '2 seconds'],
	])('as busy for %d s is 429 with Retry-After: %s', (seconds, header, words) => {
		expect(refusalReply(busy(seconds), requestId, undefined)).toEqual({
			status: 429,
			headers: { 'Retry-After': header },
			body: {
				error: {
					code: 'busy',
					message: `Too busy right now. Nothing was taken; send it again in ${words}.`,
					errors: [],
				},
				request_id: requestId,
			},
		});
	});

	it('after its workflow failed is 500, and says that it is safe to send again', () => {
		expect(refusalReply(notKept(), requestId, undefined)).toEqual({
			status: 500,
			headers: {},
			body: {
				error: {
					code: 'workflow_failed',
					message: 'The workflow failed and the events were not kept. It is safe to send them again.',
					errors: [],
				},
				request_id: requestId,
			},
		});
	});
});

it('the answer to events that could not be stored is 503, and says when to come back', () => {
	expect(refusalReply(notStored('unreachable'), 'the-id', undefined)).toEqual({
		status: 503,
		headers: { 'Retry-After': '5' },
		body: {
			error: {
				code: 'unavailable',
				message: 'The events could not be stored right now. Nothing was taken; send it again in 5 seconds.',
				errors: [],
			},
			request_id: 'the-id',
		},
	});
});

it.each([
	[
		'there is no room',
		'full',
		{
			status: 429,
			code: 'busy',
			message: 'Too busy right now. Nothing was taken; send it again in 30 seconds.',
			headers: { 'Retry-After': '30' },
		},
	],
	[
		'somebody has to do something first',
		'refused',
		{
			status: 503,
			code: 'unavailable',
			message: 'The events could not be stored right now. Nothing was taken; send it again in 60 seconds.',
			headers: { 'Retry-After': '60' },
		},
	],
	[
		'they can never be stored',
		'tooLarge',
		{
			status: 413,
			code: 'payload_too_large',
			message: 'The events are larger than what can be stored. Nothing was taken.',
			headers: {},
		},
	],
] as const)('events that could not be stored because %s; the log is told more', (_, reason, told) => {
	const refusal = notStored(reason, 'why');
	expect(refusal).toMatchObject({ ...told, operatorMessage: 'why' });
	expect(JSON.stringify(refusalReply(refusal, 'the-id', undefined))).not.toContain('why');
});

describe('the answer at the test URL', () => {
	const refusal = new Refusal(401, 'unauthorized', 'Go away.', {
		operatorMessage: 'The signature is stale.',
	});

	it('tells the reason that is otherwise for the log', () => {
		expect(withReason(refusalReply(refusal, requestId, undefined), refusal)).toEqual({
			status: 401,
			headers: {},
			body: {
				error: {
					code: 'unauthorized',
					message: 'Go away.',
					errors: [],
					reason: 'The signature is stale.',
				},
				request_id: requestId,
			},
		});
	});

	it('stays as it is where there is no more to tell', () => {
		const plain = new Refusal(400, 'invalid_body', 'The request holds no events.');
		const reply = refusalReply(plain, requestId, undefined);
		expect(withReason(reply, plain)).toBe(reply);
	});

	it.each<[string, Record<string, unknown> | string]>([
		['a text', 'no'],
		['without an error', { code: 401 }],
		['with an error that is a text', { error: 'Go away.' }],
		['with an error that is null', { error: null }],
	])("stays in the sender's own form: %s", (_, body) => {
		const reply = { status: 401, headers: {}, body };
		expect(withReason(reply, refusal)).toBe(reply);
	});
});
