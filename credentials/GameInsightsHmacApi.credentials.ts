import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';
import { keyRotation } from './keyRotation';
import { SECRET_HINT } from './secretHint';
import { sendingFields } from './webhookUrl';
import { customSignatureFields } from './customSignature';
import { senderOptions, sendersWithTime, setUpNotices } from './senderFields';

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
			options: senderOptions,
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
		...customSignatureFields,
		{
			displayName: 'Timestamp Tolerance',
			name: 'timestampTolerance',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 86_400 },
			default: 0,
			description:
				'How many seconds a signed timestamp may be in the past or in the future. Other requests are refused, because somebody may have copied them and sent them again. 0 means the default of the sender: 300; for Discord, Roblox and Twitch 600; for Paddle 5. Events are remembered for at least twice as long.',
			displayOptions: { show: { scheme: sendersWithTime } },
		},
		...sendingFields({ scheme: [...OWN_SENDERS, 'standardWebhooks'] }),
	];
}
