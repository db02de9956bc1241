import type { EventFormat } from './format';

/** CloudEvents. */
export const cloudEvents: EventFormat = {
	displayName: 'CloudEvents',
	description: 'CloudEvents 1.0 over HTTP: structured, batched and binary mode',
	setUp:
		'Enter the production URL of the node as the HTTP target (sink) of the sender. All three modes are read; formats other than JSON are not.',
	example: {
		sent: {
			specversion: '1.0',
			type: 'com.example.level-up',
			source: '/game',
			id: 'C234-1234',
			time: '2026-01-15T12:00:00Z',
			authid: 'player-7',
			datacontenttype: 'application/json',
			data: { level: 7 },
		},
		arrives: {
			event_type: 'com.example.level-up',
			timestamp: '2026-01-15T12:00:00Z',
			user_id: 'player-7',
			event_id: 'C234-1234',
		},
	},
	proof: 'API Key, HMAC Signature or JWT, as the sender can',
	sources: [
		'https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md',
		'https://github.com/cloudevents/spec/blob/main/cloudevents/formats/json-format.md',
		'https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md',
		'https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/authcontext.md',
	],
	events: [''],
	fields: { eventType: ['type'], eventId: ['id'], userId: ['authid'], timestamp: ['time'] },
	// The attributes that the specification requires, section "Required Attributes".
	required: [{ path: 'specversion', only: '1.0' }, { path: 'id' }, { path: 'source' }],
	idWithin: ['source'],
};
