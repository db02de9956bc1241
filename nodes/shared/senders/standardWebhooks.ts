import { at } from './at';
import type { ForeignMessage, Recipe, Scheme } from './scheme';

const recipe: Recipe = {
	headers: { signature: 'webhook-signature', timestamp: 'webhook-timestamp', id: 'webhook-id' },
	form: { kind: 'versions' },
	encoding: 'base64',
	signedContent: '{id}.{timestamp}.{body}',
	proofs: [
		{ version: 'v1', kind: 'hmac', hash: 'sha256', secretEncoding: 'whsec' },
		{ version: 'v1a', kind: 'ed25519', publicKeyEncoding: 'whpk' },
	],
};

/**
 * Senders that follow Standard Webhooks, and those that send with Svix. Their payload should have `type`,
 * `timestamp` and `data`, but that is only a recommendation: with Svix, only the sender knows the event type
 * unless it is in the payload. A payload that is already a Game Insights event is not changed. Source:
 * github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md; docs.svix.com for its own
 * headers. By the specification, senders should wait 15 to 30 s; Svix waits 15 s.
 */
export const standardWebhooks: Scheme = {
	displayName: 'Standard Webhooks or Svix',
	description: 'Senders with webhook-signature or svix-signature',
	setUp:
		'Copy the signing secret of your endpoint, which usually begins with whsec_, from the webhook settings of the sender. Where it signs with a key pair, copy the public key that begins with whpk_ instead.',
	recipes: [
		recipe,
		{ ...recipe, headers: { signature: 'svix-signature', timestamp: 'svix-timestamp', id: 'svix-id' } },
	],
	timestamp: { unit: 'seconds', toleranceSeconds: 300 },
	secretIsChosenByUser: false,
	waitsSeconds: 15,
	repeatsOn: 'failure',
	event: ({ body, signedId }) =>
		isGameInsights(body)
			? null
			: {
					type: at(body, 'type'),
					timestamp: at(body, 'timestamp'),
					id: signedId,
				},
};

function isGameInsights(body: ForeignMessage['body']): boolean {
	if (Array.isArray(body) || at(body, 'event_type') !== undefined) return true;
	return Array.isArray(at(body, 'events')) && at(body, 'type') === undefined;
}
