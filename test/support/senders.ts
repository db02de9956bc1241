import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import nacl from 'tweetnacl';
import { digestElsewhere, hmacElsewhere, signatureByOctokit } from './signersElsewhere';

/** Names and values, in the order they are sent. */
export type Headers = ReadonlyArray<readonly [name: string, value: string]>;

/**
 * A sender as it would really send: its credential, one message of its own, and a signer that is not ours.
 */
export interface Sender {
	/** The value of the credential's `scheme` field. */
	readonly scheme: string;
	/** All other fields of the credential, as a user fills them in. */
	readonly credential: Readonly<Record<string, string>>;
	/** The field that holds what the signature is checked with. */
	readonly keyField: 'secretKey' | 'publicKey';
	readonly body: string;
	/** Headers that come with the message and are not part of the proof. */
	readonly otherHeaders: Headers;
	/** Names of the headers that prove something. */
	readonly proofHeaders: readonly string[];
	/** @param atMs Milliseconds since the epoch, for the timestamp of senders that have one. */
	readonly sign: (body: string, atMs: number, secret?: string) => Headers;
	/** Seconds; null where no time is signed. */
	readonly toleranceSeconds: number | null;
	/**
	 * What becomes of the message: the fields of the event beside `properties`; null when it is an event
	 * already.
	 */
	readonly event: Readonly<Record<string, string>> | null;
}

const SECRET = 'cGF0aWVuY2UgaXMgYSB2aXJ0dWUgdG9v';
const WHSEC = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const hmacHex = (data: string, secret: string): string =>
	hmacElsewhere({ hash: 'sha256', key: Buffer.from(secret), data: Buffer.from(data) });
const hmacBase64 = (data: string, secret: string): string =>
	Buffer.from(hmacHex(data, secret), 'hex').toString('base64');
const seconds = (atMs: number): string => String(Math.floor(atMs / 1000));

const signingKey = nacl.sign.keyPair.fromSeed(new Uint8Array(32).fill(7));
const sealed = (text: string, seed?: string): Buffer => {
	const pair =
		seed === undefined ? signingKey : nacl.sign.keyPair.fromSeed(Buffer.from(seed.padEnd(32).slice(0, 32)));
	return Buffer.from(nacl.sign.detached(Buffer.from(text), pair.secretKey));
};

const standardWebhooks = (prefix: 'webhook' | 'svix'): Sender => ({
	scheme: 'standardWebhooks',
	credential: { secretKey: WHSEC },
	keyField: 'secretKey',
	body: '{"type":"player.created","timestamp":"2026-01-15T11:59:58.123456Z","data":{"id":7}}',
	otherHeaders: [],
	proofHeaders: [`${prefix}-id`, `${prefix}-timestamp`, `${prefix}-signature`],
	sign: (body, atMs, secret = WHSEC) => [
		[`${prefix}-id`, 'msg_2b9f'],
		[`${prefix}-timestamp`, seconds(atMs)],
		[`${prefix}-signature`, new Webhook(secret).sign('msg_2b9f', new Date(atMs), body)],
	],
	toleranceSeconds: 300,
	event: { event_type: 'player.created', timestamp: '2026-01-15T11:59:58.123456Z', event_id: 'msg_2b9f' },
});

/** Every sender there is a record for, and those of its variants that sign otherwise. */
export const senders: Readonly<Record<string, Sender>> = {
	gameInsights: {
		scheme: 'gameInsights',
		credential: { secretKey: SECRET },
		keyField: 'secretKey',
		body: '{"event_type":"level_up","user_id":"p-1","properties":{"level":9}}',
		otherHeaders: [],
		proofHeaders: ['X-Webhook-Timestamp', 'X-Webhook-Signature'],
		sign: (body, atMs, secret = SECRET) => [
			['X-Webhook-Timestamp', String(atMs)],
			['X-Webhook-Signature', `sha256=${hmacHex(`${atMs}.${body}`, secret)}`],
		],
		toleranceSeconds: 300,
		event: null,
	},
	'Standard Webhooks': standardWebhooks('webhook'),
	Svix: standardWebhooks('svix'),
	'Standard Webhooks with Ed25519': {
		...standardWebhooks('webhook'),
		credential: { publicKey: `whpk_${Buffer.from(signingKey.publicKey).toString('base64')}` },
		keyField: 'publicKey',
		sign: (body, atMs, seed) => [
			['webhook-id', 'msg_2b9f'],
			['webhook-timestamp', seconds(atMs)],
			['webhook-signature', `v1a,${sealed(`msg_2b9f.${seconds(atMs)}.${body}`, seed).toString('base64')}`],
		],
	},
	GitHub: {
		scheme: 'github',
		credential: { secretKey: SECRET },
		keyField: 'secretKey',
		body: '{"action":"published","release":{"tag_name":"v2"},"sender":{"login":"octocat","id":583231}}',
		otherHeaders: [
			['X-GitHub-Event', 'release'],
			['X-GitHub-Delivery', '72d3162e-cc78-11e3-81ab-4c9367dc0958'],
		],
		proofHeaders: ['X-Hub-Signature-256'],
		sign: (body, _, secret = SECRET) => [['X-Hub-Signature-256', signatureByOctokit(secret, body)]],
		toleranceSeconds: null,
		event: {
			event_type: 'release',
			user_id: '583231',
			event_id: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
		},
	},
	Stripe: {
		scheme: 'stripe',
		credential: { secretKey: 'whsec_the_whole_of_it_is_the_key' },
		keyField: 'secretKey',
		body: '{"id":"evt_1","object":"event","type":"charge.succeeded","created":1768478398,"data":{"object":{"customer":"cus_9","amount":499}}}',
		otherHeaders: [],
		proofHeaders: ['Stripe-Signature'],
		sign: (payload, atMs, secret = 'whsec_the_whole_of_it_is_the_key') => {
			const timestamp = Math.floor(atMs / 1000);
			return [['Stripe-Signature', Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })]];
		},
		toleranceSeconds: 300,
		event: {
			event_type: 'charge.succeeded',
			timestamp: '2026-01-15T11:59:58.000Z',
			user_id: 'cus_9',
			event_id: 'evt_1',
		},
	},
	Shopify: {
		scheme: 'shopify',
		credential: { secretKey: SECRET },
		keyField: 'secretKey',
		body: '{"id":820982911946154508,"customer":{"id":115310627314723954},"total_price":"9.00"}',
		otherHeaders: [
			['X-Shopify-Topic', 'orders/paid'],
			['X-Shopify-Webhook-Id', 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043'],
			['X-Shopify-Triggered-At', '2026-01-15T11:59:58.862503905Z'],
		],
		proofHeaders: ['X-Shopify-Hmac-SHA256'],
		sign: (body, _, secret = SECRET) => [['X-Shopify-Hmac-SHA256', hmacBase64(body, secret)]],
		toleranceSeconds: null,
		event: {
			event_type: 'orders/paid',
			timestamp: '2026-01-15T11:59:58.862503905Z',
			user_id: '115310627314723954',
			event_id: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
		},
	},
	Slack: {
		scheme: 'slack',
		credential: { secretKey: SECRET },
		keyField: 'secretKey',
		body: '{"type":"event_callback","event_id":"Ev0PV52K21","event_time":1768478399,"event":{"type":"reaction_added","user":"U061F7AUR"}}',
		otherHeaders: [],
		proofHeaders: ['X-Slack-Request-Timestamp', 'X-Slack-Signature'],
		sign: (body, atMs, secret = SECRET) => [
			['X-Slack-Request-Timestamp', seconds(atMs)],
			['X-Slack-Signature', `v0=${hmacHex(`v0:${seconds(atMs)}:${body}`, secret)}`],
		],
		toleranceSeconds: 300,
		event: {
			event_type: 'reaction_added',
			timestamp: '2026-01-15T11:59:59.000Z',
			user_id: 'U061F7AUR',
			event_id: 'Ev0PV52K21',
		},
	},
	Twitch: {
		scheme: 'twitch',
		credential: { secretKey: 's3cre77890ab-and-more' },
		keyField: 'secretKey',
		body: '{"subscription":{"id":"f1c2","type":"channel.follow","version":"2"},"event":{"user_id":"1234","user_name":"Cool_User"}}',
		otherHeaders: [['Twitch-Eventsub-Message-Type', 'notification']],
		proofHeaders: [
			'Twitch-Eventsub-Message-Id',
			'Twitch-Eventsub-Message-Timestamp',
			'Twitch-Eventsub-Message-Signature',
		],
		sign: (body, atMs, secret = 's3cre77890ab-and-more') => {
			const timestamp = new Date(atMs).toISOString().replace('Z', '634226Z');
			return [
				['Twitch-Eventsub-Message-Id', 'e76c6bd4'],
				['Twitch-Eventsub-Message-Timestamp', timestamp],
				['Twitch-Eventsub-Message-Signature', `sha256=${hmacHex(`e76c6bd4${timestamp}${body}`, secret)}`],
			];
		},
		toleranceSeconds: 600,
		event: {
			event_type: 'channel.follow',
			timestamp: '2026-01-15T12:00:00.000634226Z',
			user_id: '1234',
			event_id: 'e76c6bd4',
		},
	},
	Roblox: {
		scheme: 'roblox',
		credential: { secretKey: SECRET },
		keyField: 'secretKey',
		body: '{"NotificationId":"n-1","EventType":"RightToErasureRequest","EventTime":"2026-01-15T11:59:58.2118874Z","EventPayload":{"UserId":1,"GameIds":[1234,2345]}}',
		otherHeaders: [],
		proofHeaders: ['roblox-signature'],
		sign: (body, atMs, secret = SECRET) => [
			['roblox-signature', `t=${seconds(atMs)},v1=${hmacBase64(`${seconds(atMs)}.${body}`, secret)}`],
		],
		toleranceSeconds: 600,
		event: {
			event_type: 'RightToErasureRequest',
			timestamp: '2026-01-15T11:59:58.2118874Z',
			user_id: '1',
			event_id: 'n-1',
		},
	},
	Xsolla: {
		scheme: 'xsolla',
		credential: { secretKey: SECRET },
		keyField: 'secretKey',
		body: '{"notification_type":"order_paid","user":{"external_id":"player-7"},"billing":{"transaction":{"id":1,"payment_date":"2026-01-15T14:59:58+03:00"}}}',
		otherHeaders: [],
		proofHeaders: ['Authorization'],
		sign: (body, _, secret = SECRET) => [
			['Authorization', `Signature ${digestElsewhere('sha1', Buffer.from(body + secret))}`],
		],
		toleranceSeconds: null,
		event: { event_type: 'order_paid', timestamp: '2026-01-15T14:59:58+03:00', user_id: 'player-7' },
	},
	Tebex: {
		scheme: 'tebex',
		credential: { secretKey: SECRET },
		keyField: 'secretKey',
		body: '{"id":"2c116b11","type":"payment.completed","date":"2026-01-15T11:59:58+00:00","subject":{"customer":{"username":{"id":"76561198","username":"ann"}}}}',
		otherHeaders: [],
		proofHeaders: ['X-Signature'],
		sign: (body, _, secret = SECRET) => [
			['X-Signature', hmacHex(digestElsewhere('sha256', Buffer.from(body)), secret)],
		],
		toleranceSeconds: null,
		event: {
			event_type: 'payment.completed',
			timestamp: '2026-01-15T11:59:58+00:00',
			user_id: '76561198',
			event_id: '2c116b11',
		},
	},
	Discord: {
		scheme: 'discord',
		credential: { publicKey: Buffer.from(signingKey.publicKey).toString('hex') },
		keyField: 'publicKey',
		body: '{"version":1,"application_id":"1234560123453231555","type":1,"event":{"type":"ENTITLEMENT_CREATE","timestamp":"2026-01-15T11:59:58.109604","data":{"user_id":"111178765189277770"}}}',
		otherHeaders: [],
		proofHeaders: ['X-Signature-Ed25519', 'X-Signature-Timestamp'],
		sign: (body, atMs, seed) => [
			['X-Signature-Ed25519', sealed(seconds(atMs) + body, seed).toString('hex')],
			['X-Signature-Timestamp', seconds(atMs)],
		],
		toleranceSeconds: 600,
		event: {
			event_type: 'ENTITLEMENT_CREATE',
			timestamp: '2026-01-15T11:59:58.109604Z',
			user_id: '111178765189277770',
		},
	},
	'Unity Build Automation': {
		scheme: 'unityBuild',
		credential: { secretKey: SECRET },
		keyField: 'secretKey',
		body: '{"projectName":"Game","buildNumber":42,"buildStatus":"success"}',
		otherHeaders: [
			['X-UnityCloudBuild-Event', 'ProjectBuildSuccess'],
			['X-UnityCloudBuild-DeliveryId', '00000000-0000-0000-0000-000000000042'],
		],
		proofHeaders: ['X-UnityCloudBuild-Signature'],
		sign: (body, _, secret = SECRET) => [['X-UnityCloudBuild-Signature', hmacHex(body, secret)]],
		toleranceSeconds: null,
		event: { event_type: 'ProjectBuildSuccess', event_id: '00000000-0000-0000-0000-000000000042' },
	},
	Paddle: {
		scheme: 'paddle',
		credential: { secretKey: 'pdl_ntfset_a_secret' },
		keyField: 'secretKey',
		body: '{"event_id":"evt_01","event_type":"transaction.completed","occurred_at":"2026-01-15T11:59:58.842Z","data":{"customer_id":"ctm_7"}}',
		otherHeaders: [],
		proofHeaders: ['Paddle-Signature'],
		sign: (body, atMs, secret = 'pdl_ntfset_a_secret') => [
			['Paddle-Signature', `ts=${seconds(atMs)};h1=${hmacHex(`${seconds(atMs)}:${body}`, secret)}`],
		],
		toleranceSeconds: 5,
		event: {
			event_type: 'transaction.completed',
			timestamp: '2026-01-15T11:59:58.842Z',
			user_id: 'ctm_7',
			event_id: 'evt_01',
		},
	},
	Square: {
		scheme: 'square',
		credential: { secretKey: SECRET, notificationUrl: 'https://n8n.studio.example/webhook/square' },
		keyField: 'secretKey',
		body: '{"merchant_id":"ML82","type":"payment.created","event_id":"e-1","created_at":"2026-01-15T11:59:58.000Z","data":{}}',
		otherHeaders: [],
		proofHeaders: ['x-square-hmacsha256-signature'],
		sign: (body, _, secret = SECRET) => [
			[
				'x-square-hmacsha256-signature',
				hmacBase64(`https://n8n.studio.example/webhook/square${body}`, secret),
			],
		],
		toleranceSeconds: null,
		event: { event_type: 'payment.created', timestamp: '2026-01-15T11:59:58.000Z', event_id: 'e-1' },
	},
	'k-ID': {
		scheme: 'kId',
		credential: { secretKey: SECRET },
		keyField: 'secretKey',
		body: '{"eventType":"Challenge.StateChange","data":{"id":"c-1","status":"PASS"}}',
		otherHeaders: [['X-Event-Type', 'Challenge.StateChange']],
		proofHeaders: ['X-Signature-Timestamp', 'X-Signature-Hmac-Sha256'],
		sign: (body, atMs, secret = SECRET) => [
			['X-Signature-Timestamp', seconds(atMs)],
			['X-Signature-Hmac-Sha256', hmacHex(seconds(atMs) + body, secret)],
		],
		toleranceSeconds: 300,
		event: { event_type: 'Challenge.StateChange' },
	},
	'k-ID before HMAC': {
		scheme: 'kId',
		credential: { secretKey: SECRET },
		keyField: 'secretKey',
		body: '{"eventType":"Test","data":{}}',
		otherHeaders: [],
		proofHeaders: ['X-Signature-Timestamp', 'X-Signature-SHA256'],
		sign: (body, atMs, secret = SECRET) => [
			['X-Signature-Timestamp', seconds(atMs)],
			['X-Signature-SHA256', digestElsewhere('sha256', Buffer.from(secret + seconds(atMs) + body))],
		],
		toleranceSeconds: 300,
		event: { event_type: 'Test' },
	},
	Zoom: {
		scheme: 'zoom',
		credential: { secretKey: SECRET },
		keyField: 'secretKey',
		body: '{"event":"user.updated","event_ts":1768478398123,"payload":{"account_id":"a-1","operator":"ann@example.com","operator_id":"u-1","object":{"id":"u-2"}}}',
		otherHeaders: [],
		proofHeaders: ['x-zm-request-timestamp', 'x-zm-signature'],
		sign: (body, atMs, secret = SECRET) => [
			['x-zm-request-timestamp', seconds(atMs)],
			['x-zm-signature', `v0=${hmacHex(`v0:${seconds(atMs)}:${body}`, secret)}`],
		],
		toleranceSeconds: 300,
		event: { event_type: 'user.updated', timestamp: '2026-01-15T11:59:58.123Z', user_id: 'u-1' },
	},
	'a custom sender': {
		scheme: 'custom',
		credential: {
			secretKey: SECRET,
			secretEncoding: 'base64',
			hmacAlgorithm: 'sha512',
			signatureHeader: 'X-Sig',
			signaturePrefix: 'hmac ',
			signatureEncoding: 'base64',
			signedContent: '{id}|{timestamp}|{body}',
			timestampHeader: 'X-Time',
			idHeader: 'X-Id',
		},
		keyField: 'secretKey',
		body: '{"event_type":"match_end"}',
		otherHeaders: [],
		proofHeaders: ['X-Id', 'X-Time', 'X-Sig'],
		sign: (body, atMs, secret = SECRET) => {
			const data = Buffer.from(`m-1|${seconds(atMs)}|${body}`);
			const mac = hmacElsewhere({ hash: 'sha512', key: Buffer.from(secret, 'base64'), data });
			return [
				['X-Id', 'm-1'],
				['X-Time', seconds(atMs)],
				['X-Sig', `hmac ${Buffer.from(mac, 'hex').toString('base64')}`],
			];
		},
		toleranceSeconds: 300,
		event: null,
	},
};
