import { answersOfFormat } from '../../../../../nodes/GameInsightsWebhook/intake/formats/readyFormat';
import { receiptReply, refusalReply } from '../../../../../nodes/GameInsightsWebhook/intake/reply';
import { Refusal } from '../../../../../nodes/shared/refusal';
import { refusedBy } from '../../../../support/refused';
import { taken, takenJson } from '../../../../support/taken';

const AMPLITUDE = { name: 'amplitude', paths: null };
const SETTINGS = { eventFormat: AMPLITUDE };
const NONE_TAKEN = { status: 'accepted', accepted: 0, duplicates: 0 } as const;

describe('a refusal of events in the format of Amplitude', () => {
	it('tells its SDKs which events to drop, by the field that is at fault', async () => {
		const events = [
			{ event_type: 'a', user_id: 'u' },
			{ user_id: 'u' },
			7,
			{ event_type: ' ' },
			{ event_type: 'a' },
		];
		const settings = { ...SETTINGS, requiredFields: ['user_id'], invalidEvents: 'rejectRequest' } as const;
		const refusal = await refusedBy(async () => takenJson({ events }, settings));
		expect(refusalReply(refusal, 'the-id', answersOfFormat(AMPLITUDE))).toEqual({
			status: 400,
			headers: {},
			body: {
				code: 400,
				error: 'Not every event is valid, so none was taken.',
				events_with_invalid_fields: { event_type: [1, 3], '': [2], user_id: [3, 4] },
				request_id: 'the-id',
			},
		});
	});

	it('names an event once for a field, however many faults that has', async () => {
		const schema = JSON.stringify({
			properties: { properties: { properties: { event_properties: { required: ['x', 'y'] } } } },
		});
		const receipt = await takenJson(
			{ events: [{ event_type: 'a', event_properties: {} }] },
			{ ...SETTINGS, eventSchemas: [{ eventType: 'a', schema }] },
		);
		expect(receipt.errors.map(({ path }) => path)).toEqual([
			'/properties/event_properties/x',
			'/properties/event_properties/y',
		]);
		expect(receiptReply(receipt, NONE_TAKEN).body).toMatchObject({
			events_with_invalid_fields: { properties: [0] },
		});
	});

	it('of a body that is no JSON keeps our own words beside the code', async () => {
		const receipt = await taken({ body: '{' }, SETTINGS);
		expect(receiptReply(receipt, NONE_TAKEN).body).toMatchObject({
			code: 400,
			error: { code: 'invalid_body', errors: [{ index: null }] },
		});
	});

	it('of any other kind holds the code and says why', () => {
		const limited = new Refusal(429, 'rate_limited', 'Later.');
		expect(refusalReply(limited, 'the-id', answersOfFormat(AMPLITUDE)).body).toEqual({
			code: 429,
			error: 'Later.',
			request_id: 'the-id',
		});
	});

	it('lists every event that failed: its SDKs send again what is not listed', async () => {
		const events = Array.from({ length: 150 }, () => ({ user_id: 'player-7' }));
		const receipt = await taken({ body: JSON.stringify({ api_key: 'k', events }) }, SETTINGS);
		if (receipt.refusal === null) throw new Error('It was taken');
		const { status, body } = refusalReply(receipt.refusal, 'id', receipt.answers, receipt.rejected);
		expect([status, body]).toMatchObject([400, { code: 400, error: 'None of the events is valid.' }]);
		expect(body).toMatchObject({
			events_with_invalid_fields: { event_type: events.map((_, index) => index) },
		});
	});
});
