import { at } from './at';
import type { Scheme } from './scheme';

/**
 * Paddle Billing. Source: developer.paddle.com/webhooks/signature-verification and
 * /webhooks/notification-destinations; github.com/PaddleHQ/paddle-node-sdk,
 * src/notifications/helpers/webhooks-validator.ts, for the tolerance of 5 s. It waits 5 s:
 * developer.paddle.com/webhooks/respond-to-webhooks.
 */
export const paddle: Scheme = {
	displayName: 'Paddle',
	description: 'Notifications of Paddle Billing',
	setUp:
		'In Paddle open Developer tools > Notifications and add the production URL of the node as a destination. Then copy the secret key of that destination.',
	recipes: [
		{
			headers: { signature: 'paddle-signature' },
			form: { kind: 'pairs', separator: ';', timestampKey: 'ts', signatureKey: 'h1' },
			encoding: 'hex',
			signedContent: '{timestamp}:{body}',
			proofs: [{ kind: 'hmac', hash: 'sha256', secretEncoding: 'utf8' }],
		},
	],
	timestamp: { unit: 'seconds', toleranceSeconds: 5 },
	secretIsChosenByUser: false,
	waitsSeconds: 5,
	repeatsOn: 'failure',
	event: ({ body }) => ({
		type: at(body, 'event_type'),
		timestamp: at(body, 'occurred_at'),
		userId: at(body, 'data', 'customer_id'),
		id: at(body, 'event_id'),
	}),
};
