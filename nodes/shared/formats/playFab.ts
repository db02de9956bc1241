import type { EventFormat } from './format';

/** PlayFab. */
export const playFab: EventFormat = {
	displayName: 'PlayFab',
	description: 'PlayStream events by webhook, one by one or as a list',
	setUp:
		'In Game Manager open Data > Webhooks > New Webhook. Enter the production URL of the node, and add the header of the credential with the key as its value. Events of entities are not forwarded by PlayFab.',
	example: {
		sent: {
			EventName: 'player_logged_in',
			EventId: 'e5ac1f4e',
			EventNamespace: 'com.playfab',
			EntityType: 'player',
			EntityId: '2A5E5DA8',
			TitleId: 'AAA',
			Source: 'PlayFab',
			Timestamp: '2026-01-15T12:00:00.1230000Z',
		},
		arrives: {
			event_type: 'player_logged_in',
			timestamp: '2026-01-15T12:00:00.1230000Z',
			user_id: '2A5E5DA8',
			event_id: 'e5ac1f4e',
		},
	},
	proof: 'API Key in a header (three custom headers are possible)',
	sources: [
		'https://learn.microsoft.com/gaming/playfab/features/data/webhooks',
		'https://learn.microsoft.com/gaming/playfab/api-references/events/player-logged-in',
	],
	events: [''],
	fields: {
		eventType: ['EventName'],
		eventId: ['EventId'],
		userId: [{ path: 'EntityId', where: ['EntityType', 'player'] }],
		timestamp: ['Timestamp'],
	},
};
