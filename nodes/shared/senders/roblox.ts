import { at } from './at';
import type { Scheme } from './scheme';

/**
 * Roblox Open Cloud webhooks. Without a secret, Roblox sends a timestamp but no signature, which proves
 * nothing. Source: github.com/Roblox/creator-docs, content/en-us/cloud/webhooks/webhook-notifications.md,
 * which also says that it waits 5 s.
 */
export const roblox: Scheme = {
	displayName: 'Roblox',
	description: 'Webhooks of the Creator Dashboard',
	setUp:
		'In the Creator Hub select your experience and open Configure > Webhooks > Add Webhook. Enter the production URL of the node, and the same secret there and here. Without a secret Roblox signs nothing, and everything is refused.',
	recipes: [
		{
			headers: { signature: 'roblox-signature' },
			form: { kind: 'pairs', separator: ',', timestampKey: 't', signatureKey: 'v1' },
			encoding: 'base64',
			signedContent: '{timestamp}.{body}',
			proofs: [{ kind: 'hmac', hash: 'sha256', secretEncoding: 'utf8' }],
		},
	],
	timestamp: { unit: 'seconds', toleranceSeconds: 600 },
	secretIsChosenByUser: true,
	waitsSeconds: 5,
	repeatsOn: 'failure',
	event: ({ body }) => ({
		type: at(body, 'EventType'),
		timestamp: at(body, 'EventTime'),
		userId: at(body, 'EventPayload', 'UserId'),
		id: at(body, 'NotificationId'),
	}),
};
