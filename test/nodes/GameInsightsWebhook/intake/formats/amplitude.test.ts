import { refusalReply } from '../../../../../nodes/GameInsightsWebhook/intake/reply';
import { taken } from '../../../../support/taken';

const AMPLITUDE = { eventFormat: { name: 'amplitude', paths: null } };

describe('a refusal for Amplitude', () => {
	it('lists every event that failed: its SDKs send again what is not listed', async () => {
		const events = Array.from({ length: 150 }, () => ({ user_id: 'player-7' }));
		const receipt = await taken({ body: JSON.stringify({ api_key: 'k', events }) }, AMPLITUDE);
		if (receipt.refusal === null) throw new Error('It was taken');
		const { status, body } = refusalReply(receipt.refusal, 'id', receipt.answers, receipt.rejected);
		expect([status, body]).toMatchObject([400, { code: 400, error: 'None of the events is valid.' }]);
		expect(body).toMatchObject({
			events_with_invalid_fields: { event_type: events.map((_, index) => index) },
		});
	});
});
