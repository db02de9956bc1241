import type { EventFormat } from './format';

/** The format of Segment, which RudderStack also uses. */
export const segmentLike = {
	example: {
		sent: {
			batch: [
				{
					type: 'track',
					event: 'Level up',
					userId: 'player-7',
					messageId: 'm-5f0adeff',
					timestamp: '2026-01-15T12:00:00.123Z',
					properties: { level: 7 },
				},
			],
			sentAt: '2026-01-15T12:00:01Z',
		},
		arrives: {
			event_type: 'Level up',
			timestamp: '2026-01-15T12:00:00.123Z',
			user_id: 'player-7',
			event_id: 'm-5f0adeff',
		},
	},
	events: ['batch', ''],
	fields: {
		eventType: ['event', 'type'],
		eventId: ['messageId'],
		userId: ['userId', 'anonymousId'],
		timestamp: ['timestamp', 'originalTimestamp'],
	},
	// Next to a batch, they are merged into each of its calls.
	envelope: ['context', 'integrations'],
	keys: ['writeKey'],
} as const satisfies Partial<EventFormat>;
