import { type HttpAnswer, isWorthARetry, receiptIn } from '../../../../nodes/GameInsights/send/answer';
import { receiptReply } from '../../../../nodes/GameInsightsWebhook/intake/reply';
import { takenJson } from '../../../support/taken';

const OURS = {
	status: 'accepted',
	request_id: '5f0c1f57-0b53-4f1c-9d0a-3a5f7c7d4e11',
	received: 5,
	accepted: 2,
	dead_lettered: 1,
	duplicates: 1,
	ignored: 1,
	errors: [],
};
const answer = (body: object | undefined, status = 200): HttpAnswer => ({
	status,
	headers: {},
	body: body as HttpAnswer['body'],
});

describe('only our own receipt counts', () => {
	it.each(['accepted', 'processed', 'dead_lettered'])('%s is one', (status) => {
		expect(receiptIn(answer({ ...OURS, status }))).toEqual({
			status,
			received: 5,
			accepted: 2,
			deadLettered: 1,
			duplicates: 1,
			ignored: 1,
		});
		expect(isWorthARetry(answer({ ...OURS, status }))).toBe(false);
	});

	it('what the trigger really answers is one', async () => {
		const receipt = await takenJson(
			{ events: [{ event_type: 'a' }, { event_type: 5 }, { event_type: 'b' }] },
			{ eventTypes: ['a'] },
		);
		const { status, body } = receiptReply(receipt, { status: 'accepted', accepted: 1, duplicates: 0 });
		expect(receiptIn(answer(body as object, status))).toEqual({
			status: 'accepted',
			received: 3,
			accepted: 1,
			deadLettered: 1,
			duplicates: 0,
			ignored: 1,
		});
	});

	it.each<[string, object | undefined]>([
		['no body', undefined],
		['an error', { status: 'error' }],
		['an error with everything else', { ...OURS, status: 'error' }],
		['a status of somebody else', { status: 'ok' }],
		['a status and no more', { status: 'accepted' }],
		['an inherited name as status', { ...OURS, status: 'constructor' }],
		['another letter case', { ...OURS, status: 'Accepted' }],
		['a list of a status', { ...OURS, status: ['accepted'] }],
		['no request id', { ...OURS, request_id: undefined }],
		['an empty request id', { ...OURS, request_id: '' }],
		['a number as request id', { ...OURS, request_id: 5 }],
		['a count that is missing', { ...OURS, ignored: undefined }],
		['a count as text', { ...OURS, accepted: '2' }],
		['a negative count', { ...OURS, accepted: 4, duplicates: -1 }],
		['half an event', { ...OURS, accepted: 1.5, duplicates: 1.5 }],
		['counts that do not add up', { ...OURS, accepted: 3 }],
		['events that are not accounted for', { ...OURS, received: 6 }],
		['counts beyond what can be counted', { ...OURS, received: 1e300, accepted: 1e300 }],
	])('%s is none, and the request is sent again', (_, body) => {
		expect(receiptIn(answer(body))).toBeNull();
		expect(isWorthARetry(answer(body))).toBe(true);
	});

	it.each([201, 202, 204, 206, 400])('with another status than 200 it is none: %i', (status) => {
		expect(receiptIn(answer(OURS, status))).toBeNull();
	});
});
