import type { EventFormat } from './format';

/** PostHog. */
export const postHog: EventFormat = {
	displayName: 'PostHog',
	description: 'Capture and batch, as the SDKs send it',
	setUp:
		'Set the host of the SDK to the production URL of the node with ?key=, the key and &path= at the end: the SDK appends /batch/ to it. Use a credential with Sent In: Query. In a browser set disable_compression to true, too: what it packs is not labelled as packed.',
	example: {
		sent: {
			api_key: 'YOUR API KEY',
			batch: [
				{
					event: 'level_up',
					distinct_id: 'player-7',
					uuid: '0190d5c8-7e1d-7a6c-a5b4-d7cdf517a590',
					timestamp: '2026-01-15T12:00:00.123Z',
					properties: { level: 7 },
				},
			],
		},
		arrives: {
			event_type: 'level_up',
			timestamp: '2026-01-15T12:00:00.123Z',
			user_id: 'player-7',
			event_id: '0190d5c8-7e1d-7a6c-a5b4-d7cdf517a590',
		},
	},
	proof: 'API Key in the query',
	sources: [
		'https://github.com/PostHog/posthog/blob/master/rust/common/types/src/timestamp.rs',
		'https://posthog.com/docs/api/capture',
		'https://github.com/PostHog/posthog-js/tree/main/packages/core',
		'https://github.com/PostHog/posthog-js/blob/main/packages/browser/src/request.ts',
	],
	events: ['batch', ''],
	fields: {
		eventType: ['event'],
		eventId: ['uuid'],
		userId: ['distinct_id', 'properties.distinct_id'],
		timestamp: ['timestamp'],
	},
	isUtcUnlessSaid: true,
	envelope: ['historical_migration'],
	// Not `properties.token`: in a browser that is the key, which is visible in the page anyway; elsewhere it
	// is a player's.
	keys: ['api_key', 'token'],
	formField: 'data',
	waitsSeconds: 10,
};
