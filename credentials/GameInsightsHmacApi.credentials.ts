import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';
import { keyRotation } from './keyRotation';
import { SECRET_HINT } from './secretHint';
import { sendingFields } from './webhookUrl';
import { setUpNotices } from './setUpNotices';

/** Not a secret itself: the encoding of a secret. */
const writtenAs: INodeProperties = {
	displayName: 'Secret Encoding',
	name: 'secretEncoding',
	type: 'options',
	options: [
		{ name: 'Base64', value: 'base64', description: 'The secret key is bytes, written in base64' },
		{
			name: 'Base64 After Whsec_',
			value: 'whsec',
			description: 'As Standard Webhooks write it: whsec_… or v1,whsec_…, pasted whole',
		},
		{ name: 'Hex', value: 'hex', description: 'The secret key is bytes, written in hexadecimal' },
		{ name: 'Text', value: 'utf8', description: 'The secret key is used as it is typed' },
	],
	default: 'utf8',
	displayOptions: { show: { scheme: ['custom'] } },
};

/** Senders whose owner chooses the secret, and for which the actions of Game Insights Webhook can sign. */
const OWN_SENDERS = ['custom', 'gameInsights'];

/**
 * A secret that signs each request's body: a person who reads or changes a request can't send another one.
 */
export class GameInsightsHmacApi implements ICredentialType {
	name = 'gameInsightsHmacApi';

	displayName = 'Game Insights HMAC API';

	documentationUrl =
		'https://github.com/game-insights/n8n-nodes-game-insights/blob/main/docs/authentication.md#signatures';

	icon: Icon = {
		light: 'file:../icons/gameInsights.svg',
		dark: 'file:../icons/gameInsights.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Sender',
			name: 'scheme',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'Custom',
					value: 'custom',
					description: 'Any other sender that signs its requests with HMAC',
				},
				{
					name: 'Discord Webhook Events',
					value: 'discord',
					description: 'Entitlements, lobby messages and other events of a Discord app',
				},
				{ name: 'GitHub', value: 'github', description: 'Webhooks of repositories and organizations' },
				{ name: 'k-ID', value: 'kId', description: 'Age checks and parental consent' },
				{ name: 'Paddle', value: 'paddle', description: 'Notifications of Paddle Billing' },
				{ name: 'Roblox', value: 'roblox', description: 'Webhooks of the Creator Dashboard' },
				{ name: 'Shopify', value: 'shopify', description: 'Webhooks of a shop or an app' },
				{ name: 'Slack', value: 'slack', description: 'Events API' },
				{ name: 'Square', value: 'square', description: 'Webhook subscriptions' },
				{
					name: 'Standard Webhooks or Svix',
					value: 'standardWebhooks',
					description: 'Senders with webhook-signature or svix-signature',
				},
				{ name: 'Stripe', value: 'stripe', description: 'Webhook endpoints' },
				{ name: 'Tebex', value: 'tebex', description: 'Webhooks of a game-server store' },
				{ name: 'Twitch EventSub', value: 'twitch', description: 'Subscriptions over webhook' },
				{
					name: 'Unity Build Automation',
					value: 'unityBuild',
					description: 'Webhook integration of a project, once called Cloud Build',
				},
				{ name: 'Xsolla', value: 'xsolla', description: 'Payments, orders and subscriptions' },
				{
					name: 'Your Own Server',
					value: 'gameInsights',
					description: 'Your own game or server, signing with X-Webhook-Timestamp and X-Webhook-Signature',
				},
				{ name: 'Zoom', value: 'zoom', description: 'Event subscriptions of an app' },
			],
			default: 'gameInsights',
			description:
				'Who sends the requests. Each sender signs in its own way; the events always arrive in the same form.',
		},
		...setUpNotices,
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'The secret that both sides know, copied from the sender',
			displayOptions: { hide: { scheme: ['discord', 'stripe', ...OWN_SENDERS] } },
		},
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: SECRET_HINT,
			description: 'The secret that both sides know. With fewer than 8 characters, every request is refused.',
			displayOptions: { show: { scheme: OWN_SENDERS } },
		},
		{
			displayName: 'Signing Secret',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. whsec_…',
			description:
				'The signing secret of the webhook endpoint in the Stripe Dashboard. It begins with whsec_. An API key (sk_…) does not work here.',
			displayOptions: { show: { scheme: ['stripe'] } },
		},
		...keyRotation({
			displayName: 'Previous Secret Key',
			name: 'previousSecretKey',
			hide: { scheme: ['discord'] },
		}),
		{
			displayName: 'Public Key',
			name: 'publicKey',
			type: 'string',
			default: '',
			description:
				'For signatures with Ed25519: the public key of your Discord app in hex, or the key of a Standard Webhooks sender that begins with whpk_',
			displayOptions: { show: { scheme: ['discord', 'standardWebhooks'] } },
		},
		{
			displayName: 'Notification URL',
			name: 'notificationUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://n8n.my-studio.com/webhook/…',
			description: "The URL exactly as in the sender's settings. It is signed together with the body.",
			displayOptions: { show: { scheme: ['custom', 'square'] } },
		},
		{
			displayName: 'HMAC Algorithm',
			name: 'hmacAlgorithm',
			type: 'options',
			options: [
				{ name: 'SHA-1', value: 'sha1', description: 'Only for senders that can do nothing newer' },
				{ name: 'SHA-256', value: 'sha256' },
				{ name: 'SHA-384', value: 'sha384' },
				{ name: 'SHA-512', value: 'sha512' },
			],
			default: 'sha256',
			description:
				'The hash function of the signature. Your own server writes its name before the signature, as in "sha256=".',
			displayOptions: { show: { scheme: ['custom', 'gameInsights'] } },
		},
		{
			displayName: 'Signature Header',
			name: 'signatureHeader',
			type: 'string',
			default: '',
			placeholder: 'e.g. X-Signature',
			description: 'The header with the signature',
			displayOptions: { show: { scheme: ['custom'] } },
		},
		{
			displayName: 'Signature Form',
			name: 'signatureForm',
			type: 'options',
			options: [
				{
					name: 'One or Several',
					value: 'list',
					description: 'A signature after a prefix; several with commas between them, as in v0=…,…',
				},
				{
					name: 'Pairs',
					value: 'pairs',
					description: 'Names and values, the time among them, as in t=…,v1=…',
				},
				{
					name: 'Versions',
					value: 'versions',
					description: 'Version, comma, signature, and spaces between several, as in v1,… v1,…',
				},
			],
			default: 'list',
			displayOptions: { show: { scheme: ['custom'] } },
			description:
				'How the signature is written in its header. If there are several, one of them has to match.',
		},
		{
			displayName: 'Signature Name',
			name: 'signatureKey',
			type: 'string',
			default: 'v1',
			placeholder: 'e.g. v1',
			description: 'The name before each signature in its header',
			displayOptions: { show: { scheme: ['custom'], signatureForm: ['pairs', 'versions'] } },
		},
		{
			displayName: 'Timestamp Name',
			name: 'timestampKey',
			type: 'string',
			default: 't',
			placeholder: 'e.g. t',
			description: 'The name before the time in the signature header',
			displayOptions: { show: { scheme: ['custom'], signatureForm: ['pairs'] } },
		},
		{
			displayName: 'Signature Prefix',
			name: 'signaturePrefix',
			type: 'string',
			default: '',
			placeholder: 'e.g. sha256=',
			description: 'The text before the signature in its header, if any',
			displayOptions: { show: { scheme: ['custom'], signatureForm: ['list'] } },
		},
		{
			displayName: 'Signature Encoding',
			name: 'signatureEncoding',
			type: 'options',
			options: [
				{ name: 'Base64', value: 'base64' },
				{ name: 'Base64 for URLs', value: 'base64url', description: 'With - and _ in place of + and /' },
				{ name: 'Hex', value: 'hex' },
			],
			default: 'hex',
			displayOptions: { show: { scheme: ['custom'] } },
		},
		{
			displayName: 'Signed Content',
			name: 'signedContent',
			type: 'string',
			default: '{timestamp}.{body}',
			placeholder: 'e.g. {timestamp}.{body}',
			description:
				'What the sender signs: {body} is the raw body, {bodySha256} its SHA-256 in hex, {timestamp} and {id} come from their headers, {url} is the Notification URL, {method}, {path} and {query} are those of the request, {header.x-name} is a header. All other text is used as it is. Without {timestamp}, others can send a captured request again.',
			displayOptions: { show: { scheme: ['custom'] } },
		},
		{
			displayName: 'Timestamp Header',
			name: 'timestampHeader',
			type: 'string',
			default: '',
			placeholder: 'e.g. X-Timestamp',
			description: 'The header of the timestamp: seconds or milliseconds since 1970, or a date and time',
			displayOptions: { show: { scheme: ['custom'], signatureForm: ['list', 'versions'] } },
		},
		{
			displayName: 'ID Header',
			name: 'idHeader',
			type: 'string',
			default: '',
			placeholder: 'e.g. X-Message-ID',
			description: 'The header of the message ID, where it is signed',
			displayOptions: { show: { scheme: ['custom'] } },
		},
		writtenAs,
		{
			displayName: 'Timestamp Tolerance',
			name: 'timestampTolerance',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 86_400 },
			default: 0,
			description:
				'How many seconds a signed timestamp may be in the past or in the future. Other requests are refused, because somebody may have copied them and sent them again. 0 means the default of the sender: 300; for Discord, Roblox and Twitch 600; for Paddle 5. Events are remembered for at least twice as long.',
			displayOptions: {
				show: {
					scheme: [
						'custom',
						'discord',
						'gameInsights',
						'kId',
						'paddle',
						'roblox',
						'slack',
						'standardWebhooks',
						'stripe',
						'twitch',
					],
				},
			},
		},
		...sendingFields({ scheme: [...OWN_SENDERS, 'standardWebhooks'] }),
	];
}
