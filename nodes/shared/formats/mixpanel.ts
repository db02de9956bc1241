import type { EventFormat } from './format';

/** Mixpanel. */
export const mixpanel: EventFormat = {
	displayName: 'Mixpanel',
	description: 'Track and Import, as JSON, as lines, or as a form',
	setUp:
		'Set host and path of the SDK to the production URL of the node, with ?key=, the key and &path= at the end of the path, and use a credential with Sent In: Query. In Node.js call track_batch: track sends a GET, which is not taken.',
	example: {
		sent: [
			{
				event: 'Level up',
				properties: {
					token: 'YOUR TOKEN',
					distinct_id: 'player-7',
					time: 1768478400,
					$insert_id: '5f0adeff',
					level: 7,
				},
			},
		],
		arrives: {
			event_type: 'Level up',
			timestamp: '2026-01-15T12:00:00.000Z',
			user_id: 'player-7',
			event_id: '5f0adeff',
		},
	},
	proof: 'API Key in the query; Import also in Basic auth',
	sources: [
		'https://docs.mixpanel.com/troubleshooting/errors/server-side-events-without-a-user',
		'https://docs.mixpanel.com/reference/import-events',
		'https://github.com/mixpanel/mixpanel-node/blob/master/lib/mixpanel-node.js',
	],
	events: [''],
	fields: {
		eventType: ['event'],
		eventId: ['properties.$insert_id'],
		// Mixpanel makes a distinct_id from the last two.
		userId: [
			'properties.distinct_id',
			'properties.$distinct_id',
			'properties.$user_id',
			'properties.$device_id',
		],
		timestamp: ['properties.time'],
	},
	idWithin: ['event', 'properties.distinct_id', 'properties.time'],
	formField: 'data',
	keys: ['properties.token'],
	acceptance: { status: 200, headers: { 'content-type': 'text/plain' }, body: '1' },
};
