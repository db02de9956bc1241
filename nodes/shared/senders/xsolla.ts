import { at } from './at';
import type { Scheme } from './scheme';

/**
 * Xsolla. The signature is a plain SHA-1 over body and secret. A transaction's id comes with its payment, its
 * refunds and its order, so it does not identify a notification; a repeated one is recognised by its
 * signature. Source: developers.xsolla.com/webhooks/overview; github.com/xsolla/xsolla-ai-kit,
 * skills/webhooks-impl; github.com/xsolla/xsolla-sdk-php, src/Webhook/WebhookAuthenticator.php. The first
 * page requires an answer within 3 s.
 */
export const xsolla: Scheme = {
	displayName: 'Xsolla',
	description: 'Payments, orders and subscriptions',
	setUp:
		"In Publisher Account open Project settings > Webhooks, enter the production URL of the node and copy the secret key. Every user is confirmed to Xsolla's user validation: where unknown users must not pay, answer that webhook from your own server.",
	recipes: [
		{
			headers: { signature: 'authorization' },
			form: { kind: 'single', prefix: 'Signature ' },
			encoding: 'hex',
			signedContent: '{body}{secret}',
			proofs: [{ kind: 'digest', hash: 'sha1' }],
		},
	],
	timestamp: null,
	secretIsChosenByUser: false,
	waitsSeconds: 3,
	// Its documentation mentions repeats for no other status.
	repeatsOn: 'serverError',
	// Xsolla's own test of an endpoint checks for this code. After a 400 it does not try again.
	refusal: {
		status: 400,
		headers: { 'content-type': 'application/json' },
		body: '{"error":{"code":"INVALID_SIGNATURE","message":"Invalid signature"}}',
	},
	event: ({ body }) => ({
		type: at(body, 'notification_type'),
		timestamp: at(body, 'billing', 'transaction', 'payment_date') ?? at(body, 'transaction', 'payment_date'),
		userId: at(body, 'user', 'external_id') ?? at(body, 'user', 'id'),
	}),
};
