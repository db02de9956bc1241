import type { Scheme } from './scheme';

/** The package's own way of signing, for a studio's own servers. */
export const gameInsights: Scheme = {
	displayName: 'Game Insights',
	listedAs: 'Your Own Server',
	description: 'Your own game or server, signing with X-Webhook-Timestamp and X-Webhook-Signature',
	setUp:
		'Your own game or server signs each request with the secret key below. The node shows code for it that you can copy.',
	recipes: [
		{
			headers: { signature: 'x-webhook-signature', timestamp: 'x-webhook-timestamp' },
			form: { kind: 'single', prefix: '{hash}=' },
			encoding: 'hex',
			signedContent: '{timestamp}.{body}',
			proofs: [{ kind: 'hmac', hash: 'chosen', secretEncoding: 'utf8' }],
		},
	],
	timestamp: { unit: 'milliseconds', toleranceSeconds: 300 },
	secretIsChosenByUser: true,
	repeatsOn: 'failure',
};
