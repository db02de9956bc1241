import type { EventFormat } from './format';

/** Google Analytics 4. */
export const googleAnalytics4: EventFormat = {
	displayName: 'Google Analytics 4',
	description: 'Measurement Protocol',
	setUp:
		'Send the requests of the Measurement Protocol to the production URL of the node. Its api_secret is a query parameter: use a credential with Sent In: Query, Query Parameter: api_secret.',
	example: {
		sent: {
			client_id: '123456.7654321',
			user_id: 'player-7',
			timestamp_micros: 1768478400123456,
			events: [{ name: 'level_up', params: { level: 7 } }],
		},
		arrives: {
			event_type: 'level_up',
			timestamp: '2026-01-15T12:00:00.123Z',
			user_id: 'player-7',
			envelope: {
				client_id: '123456.7654321',
				user_id: 'player-7',
				timestamp_micros: 1768478400123456,
			},
		},
	},
	proof: 'API Key in the query (`api_secret`)',
	sources: ['https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference'],
	events: ['events'],
	fields: {
		eventType: ['name'],
		eventId: [],
		userId: ['$.user_id', '$.client_id', '$.app_instance_id'],
		timestamp: ['timestamp_micros', '$.timestamp_micros'],
	},
	envelope: [
		'client_id',
		'app_instance_id',
		'user_id',
		'timestamp_micros',
		'user_properties',
		'user_data',
		'consent',
		'non_personalized_ads',
		'validation_behavior',
	],
};
