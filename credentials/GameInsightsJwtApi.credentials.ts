import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';
import { foldedUnlessSending, sendingFields } from './webhookUrl';

/** Not a secret itself: a number of seconds. */
const maxAgeOfToken: INodeProperties = {
	displayName: 'Max Token Age',
	name: 'maxTokenAge',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'How many seconds after its issue (iat) a token is accepted, even when it expires later or never. 0 means that only the expiry counts.',
};

/** A signed token in a header: for game backends and identity providers that issue JWTs. */
export class GameInsightsJwtApi implements ICredentialType {
	name = 'gameInsightsJwtApi';

	displayName = 'Game Insights JWT API';

	documentationUrl =
		'https://github.com/game-insights/n8n-nodes-game-insights/blob/main/docs/authentication.md#tokens';

	icon: Icon = {
		light: 'file:../icons/gameInsights.svg',
		dark: 'file:../icons/gameInsights.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Key Type',
			name: 'keyType',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'JWKS URL',
					value: 'jwksUrl',
					description:
						'The issuer publishes its public keys at an address, as Auth0, Keycloak and Cognito do',
				},
				{
					name: 'Public Key',
					value: 'publicKey',
					description: 'The sender signs with a private key, and you have its public key',
				},
				{ name: 'Secret', value: 'secret', description: 'Both sides know one secret' },
			],
			default: 'secret',
		},
		{
			displayName: 'Secret',
			name: 'secret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: 'HS256 needs at least 32 characters. For a new secret, type a short one, save, and open More details: there is a good one.',
			description:
				'The secret that the tokens are signed with. With fewer than 16 characters, every request is refused.',
			displayOptions: { show: { keyType: ['secret'] } },
		},
		{
			displayName: 'Public Key',
			name: 'publicKey',
			type: 'string',
			typeOptions: { rows: 6 },
			default: '',
			required: true,
			placeholder: 'e.g. -----BEGIN PUBLIC KEY-----',
			description:
				'The public key in PEM form, from the BEGIN line to the END line. A certificate works too.',
			displayOptions: { show: { keyType: ['publicKey'] } },
		},
		{
			displayName: 'JWKS URL',
			name: 'jwksUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://auth.my-studio.com/.well-known/jwks.json',
			description:
				'The address where the issuer publishes its public keys. They are fetched when needed, kept for ten minutes, and fetched again when a token names a new one.',
			displayOptions: { show: { keyType: ['jwksUrl'] } },
		},
		{
			displayName: 'Algorithms',
			name: 'algorithms',
			type: 'multiOptions',
			options: [
				{
					name: 'Ed25519',
					value: 'Ed25519',
					description: 'The newer name of EdDSA with Ed25519 keys. Each of the two accepts both.',
				},
				{ name: 'EdDSA', value: 'EdDSA', description: 'Ed25519 keys. Also accepts tokens marked Ed25519.' },
				{ name: 'ES256', value: 'ES256', description: 'Elliptic-curve keys on P-256' },
				{ name: 'ES384', value: 'ES384', description: 'Elliptic-curve keys on P-384' },
				{ name: 'ES512', value: 'ES512', description: 'Elliptic-curve keys on P-521' },
				{ name: 'HS256', value: 'HS256', description: 'Secrets of at least 32 characters' },
				{ name: 'HS384', value: 'HS384', description: 'Secrets of at least 48 characters' },
				{ name: 'HS512', value: 'HS512', description: 'Secrets of at least 64 characters' },
				{ name: 'PS256', value: 'PS256', description: 'RSA keys, PSS padding' },
				{ name: 'PS384', value: 'PS384', description: 'RSA keys, PSS padding' },
				{ name: 'PS512', value: 'PS512', description: 'RSA keys, PSS padding' },
				{ name: 'RS256', value: 'RS256', description: 'RSA keys' },
				{ name: 'RS384', value: 'RS384', description: 'RSA keys' },
				{ name: 'RS512', value: 'RS512', description: 'RSA keys' },
			],
			default: [],
			description:
				'The only algorithms that a token may be signed with. Leave empty to accept all that fit the key; others are never accepted.',
		},
		{
			displayName: 'Issuer',
			name: 'issuer',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://auth.my-studio.com/',
			description:
				'What the token must name as its issuer (iss). Separate several with commas; when sending, the first one is used. Leave empty to accept any.',
		},
		{
			displayName: 'Audience',
			name: 'audience',
			type: 'string',
			default: '',
			placeholder: 'e.g. game-insights',
			description: 'What the token must name as its audience (aud). Leave empty to accept any.',
		},
		{
			displayName: 'Required Claims',
			name: 'requiredClaims',
			type: 'string',
			default: '',
			placeholder: 'e.g. sub, jti',
			description:
				'The names of claims that the token must have, separated by commas. A claim that is null or empty counts as missing.',
		},
		{
			displayName: 'Require Expiry',
			name: 'requireExpiry',
			type: 'boolean',
			default: false,
			description:
				'Whether a token must say when it expires (exp). When off, a token without it never expires, unless Max Token Age limits it.',
		},
		{
			displayName: 'Clock Tolerance',
			name: 'clockTolerance',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 30,
			description: 'How many seconds the clocks of both sides may differ',
		},
		maxAgeOfToken,
		{
			displayName: 'Header Name',
			name: 'headerName',
			type: 'string',
			default: 'Authorization',
			placeholder: 'e.g. Authorization',
			description: 'The header with the token. In Authorization, the token comes after the word Bearer.',
		},
		...sendingFields(),
		...foldedUnlessSending({
			displayName: 'Private Key',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true, rows: 6 },
			default: '',
			placeholder: 'e.g. -----BEGIN PRIVATE KEY-----',
			description:
				'The private key in PEM form that signs the tokens of the actions of Game Insights Webhook',
			displayOptions: { show: { keyType: ['jwksUrl', 'publicKey'] } },
		}),
		...foldedUnlessSending({
			displayName: 'Key ID',
			name: 'keyId',
			type: 'string',
			default: '',
			description: 'The name (kid) of the private key, if the key set has several',
			displayOptions: { show: { keyType: ['jwksUrl', 'publicKey'] } },
		}),
	];
}
