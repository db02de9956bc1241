import type { EventFormat } from './format';

/** GameAnalytics. */
export const gameAnalytics: EventFormat = {
	displayName: 'GameAnalytics',
	description: 'Collector REST API, without compression',
	setUp:
		'Send the events of the Collector API to the production URL of the node, without gzip: its signature is over the packed bytes, and n8n unpacks them first. Use an HMAC credential with Sender: Custom, Signature Header: Authorization, Signature Encoding: Base64, Signed Content: {body}, and the secret key of the game.',
	example: {
		sent: [
			{
				category: 'design',
				event_id: 'Kill:Sword:Robot',
				user_id: 'player-7',
				client_ts: 1768478400,
				session_id: 'de305d54-75b4-431b-adb2-eb6b9e546014',
				v: 2,
			},
		],
		arrives: { event_type: 'design', timestamp: '2026-01-15T12:00:00.000Z', user_id: 'player-7' },
	},
	proof: 'HMAC Signature, *Sender: Custom* (`Authorization`, base64, `{body}`), bodies not compressed',
	sources: [
		'https://docs.gameanalytics.com/integrations/api/event-types',
		'https://docs.gameanalytics.com/integrations/api/setup',
	],
	events: [''],
	fields: {
		eventType: ['category'],
		// GameAnalytics' own `event_id` is the name of a kind of event, such as a weapon's.
		eventId: [],
		userId: ['user_id'],
		timestamp: ['client_ts'],
	},
};
