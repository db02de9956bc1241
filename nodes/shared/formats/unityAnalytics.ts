import type { EventFormat } from './format';

/** Unity Analytics. */
export const unityAnalytics: EventFormat = {
	displayName: 'Unity Analytics',
	description: 'Single and bulk events of the REST API',
	setUp:
		'Send the requests of the Collect API to the production URL of the node, with the header of the credential.',
	example: {
		sent: {
			eventName: 'levelUp',
			userID: 'player-7',
			sessionID: 's-1',
			eventUUID: '374cc674-9785-4772-8cca-d7cdf517a590',
			eventTimestamp: '2026-01-15 12:00:00.123',
			eventParams: { level: 7 },
		},
		// Without an offset the time is ambiguous.
		arrives: {
			event_type: 'levelUp',
			user_id: 'player-7',
			event_id: '374cc674-9785-4772-8cca-d7cdf517a590',
		},
	},
	proof: 'API Key in a header',
	sources: ['https://docs.unity.com/en-us/analytics/rest-api/record-event-rest-api'],
	events: ['eventList', ''],
	fields: {
		eventType: ['eventName'],
		eventId: ['eventUUID'],
		userId: ['userID'],
		timestamp: ['eventTimestamp'],
	},
	acceptance: { status: 204, headers: {}, body: '' },
};
