import type { EventFormat } from './format';

/** Amplitude. */
export const amplitude: EventFormat = {
	displayName: 'Amplitude',
	description: "HTTP V2 API, as Amplitude's SDKs send it",
	setUp:
		'Set the server URL of the SDK to the production URL of the node. The SDK has no header for a key: use a credential with Sent In: Query and append ?key= and the key to that URL. The Node.js SDK leaves the query out: give it the transportProvider new FetchTransport() of @amplitude/analytics-core.',
	example: {
		sent: {
			api_key: 'YOUR API KEY',
			events: [
				{
					event_type: 'level_up',
					user_id: 'player-7',
					device_id: 'phone-3',
					time: 1768478400123,
					insert_id: '5f0adeff',
					event_properties: { level: 7 },
				},
			],
		},
		arrives: {
			event_type: 'level_up',
			timestamp: '2026-01-15T12:00:00.123Z',
			user_id: 'player-7',
			event_id: '5f0adeff',
		},
	},
	proof: 'API Key in the query',
	sources: [
		'https://amplitude.com/docs/apis/analytics/http-v2',
		'https://github.com/amplitude/Amplitude-TypeScript/blob/main/packages/analytics-core/src/transports/base.ts',
	],
	events: ['events', ''],
	fields: {
		eventType: ['event_type'],
		eventId: ['insert_id'],
		userId: ['user_id', 'device_id'],
		timestamp: ['time'],
	},
	idWithin: ['device_id'],
	keys: ['api_key'],
	acceptance: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"code":200}' },
	waitsSeconds: 10,
};
