import type { EventFormat } from './format';

const JSON_TYPE = { 'content-type': 'application/json' };
const TEXT_TYPE = { 'content-type': 'text/plain' };

/** The format of Segment, which RudderStack also uses. */
const segmentLike = {
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
} as const;

/** All formats with a record, by the value of the node's parameter `eventFormat`. */
export const PRESETS = {
	amplitude: {
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
		acceptance: { status: 200, headers: JSON_TYPE, body: '{"code":200}' },
		waitsSeconds: 10,
	},
	cloudEvents: {
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
	},
	gameAnalytics: {
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
	},
	googleAnalytics4: {
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
	},
	mixpanel: {
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
		acceptance: { status: 200, headers: TEXT_TYPE, body: '1' },
	},
	photon: {
		displayName: 'Photon',
		description: 'Webhooks of Photon Realtime and PUN',
		setUp:
			'In the Photon Dashboard open Manage > Webhooks of the app. BaseUrl is the production URL of the node without /events, and events is the path of each webhook that you want. Put the header of the credential into CustomHttpHeaders. Rooms whose state is kept (IsPersistent) need a game backend: this node answers that all is well, and has no state to give back.',
		example: {
			sent: {
				ActorNr: 2,
				AppVersion: '1.0',
				AppId: '00000000-0000-0000-0000-000000000000',
				GameId: 'room-1',
				Region: 'EU',
				Type: 'Join',
				UserId: 'player-7',
				Nickname: 'Ada',
			},
			arrives: { event_type: 'Join', user_id: 'player-7' },
		},
		proof: 'API Key in a header (`CustomHttpHeaders`)',
		sources: [
			'https://doc.photonengine.com/realtime/current/gameplay/web-extensions/webhooks',
			'https://github.com/exitgames/photon.webhooks.turnbased.waws/blob/master/src/Photon.Turnbased/Models/Game.cs',
		],
		events: [''],
		fields: { eventType: ['Type'], eventId: [], userId: ['UserId'], timestamp: [] },
		acceptance: { status: 200, headers: JSON_TYPE, body: '{"ResultCode":0}' },
	},
	playFab: {
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
	},
	postHog: {
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
	},
	rudderStack: {
		displayName: 'RudderStack',
		description: 'Single calls and batches, as the SDKs send them',
		setUp:
			'Set the data plane URL of the SDK to the address of this n8n and its path to the rest of the production URL of the node. The write key is the key: use a credential with Sent In: Basic Auth.',
		proof: 'API Key in Basic auth (the write key)',
		sources: [
			'https://www.rudderstack.com/docs/api/http-api/',
			'https://github.com/rudderlabs/rudder-sdk-node/blob/master/src/index.ts',
			'https://github.com/rudderlabs/rudder-server/blob/master/gateway/response/response.go',
		],
		...segmentLike,
		acceptance: { status: 200, headers: TEXT_TYPE, body: 'OK' },
	},
	segment: {
		displayName: 'Segment',
		description: 'Single calls and batches, as the SDKs send them',
		setUp:
			'Set the host of the SDK to the address of this n8n and its path to the rest of the production URL of the node. The write key is the key: use a credential with Sent In: Basic Auth.',
		proof: 'API Key in Basic auth (the write key)',
		sources: [
			'https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/',
			'https://github.com/segmentio/analytics-next/blob/master/packages/node/src/plugins/segmentio/publisher.ts',
		],
		...segmentLike,
		waitsSeconds: 10,
	},
	unityAnalytics: {
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
	},
} as const satisfies Readonly<Record<string, EventFormat>>;

/** All presets by their names. */
export const FORMATS: ReadonlyMap<string, EventFormat> = new Map<string, EventFormat>(
	Object.entries(PRESETS),
);
