import type { INodeProperties } from 'n8n-workflow';

/** Who may send. */
export const senderProperties: INodeProperties[] = [
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		options: [
			{
				name: 'API Key',
				value: 'apiKey',
				description:
					'The sender sends a secret key: in a header, in Basic auth or in the URL. For senders that cannot sign.',
			},
			{
				name: 'HMAC Signature',
				value: 'hmac',
				description: 'The sender signs every request with a shared secret. The secret itself is never sent.',
			},
			{
				name: 'JWT',
				value: 'jwt',
				description: 'The sender sends a signed token, which can expire',
			},
		],
		default: 'apiKey',
		description: 'How the sender proves who it is. Requests that fail this check get 401 and start nothing.',
	},
	// Sets the position of the credential. Otherwise n8n would show it below all fields that depend on a
	// credential.
	{ displayName: 'Credentials', name: 'credentials', type: 'credentials', default: '' },
	guide(
		'apiKey',
		'The sender adds one header to each request: X-API-Key, or the one named in the credential, with the API key of the credential. Senders that cannot add a header may send it in Basic auth or in the URL: see Sent In there.',
	),
	guide(
		'hmac',
		'The sender signs each request. GitHub, Roblox, Stripe, Twitch and others already do that: choose the sender in the credential, which then shows the steps for it. Your own game or server adds two headers: X-Webhook-Timestamp, the time in milliseconds since 1970, and X-Webhook-Signature, which is sha256= and the hex HMAC-SHA256 of the timestamp, a dot and the body, made with the secret key of the credential.',
	),
	guide(
		'jwt',
		'The sender adds one header to each request: Authorization, with the word Bearer, a space and the token. The token is signed with the secret of the credential, or with the private key that belongs to its public key or JWKS URL.',
	),
];

/** Instructions for the sender. */
function guide(authentication: string, words: string): INodeProperties {
	return {
		displayName: words,
		name: `${authentication}Notice`,
		type: 'notice',
		default: '',
		displayOptions: { show: { authentication: [authentication] } },
	};
}
