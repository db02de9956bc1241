import { unmet } from '../../../../../nodes/GameInsightsWebhook/intake/validate/fault';

describe('unmet', () => {
	it('says what must be and what is', () => {
		expect(unmet('type', ['properties', 'amount'], 'must be a number', '9,99')).toEqual({
			code: 'type',
			path: '/properties/amount',
			message: '`properties.amount` must be a number, it is the text "9,99"',
		});
	});

	it('says of what is not there just that', () => {
		expect(unmet('required', ['event_type'], 'must be text', undefined)).toEqual({
			code: 'required',
			path: '/event_type',
			message: '`event_type` is missing',
		});
	});
});
