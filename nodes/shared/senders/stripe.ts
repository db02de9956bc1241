import { at } from './at';
import type { Scheme } from './scheme';

/**
 * Stripe. The key is the whole secret, including `whsec_`. Standard Webhooks treat the same prefix
 * differently. Source: github.com/stripe/stripe-node, src/Webhooks.ts; docs.stripe.com/webhooks and
 * /api/events/object.
 */
export const stripe: Scheme = {
	displayName: 'Stripe',
	description: 'Webhook endpoints',
	setUp:
		'In the Stripe Dashboard add the production URL of the node as a webhook endpoint, then copy the signing secret of that endpoint, whsec_ included.',
	recipes: [
		{
			headers: { signature: 'stripe-signature' },
			form: { kind: 'pairs', separator: ',', timestampKey: 't', signatureKey: 'v1' },
			encoding: 'hex',
			signedContent: '{timestamp}.{body}',
			proofs: [{ kind: 'hmac', hash: 'sha256', secretEncoding: 'utf8' }],
		},
	],
	timestamp: { unit: 'seconds', toleranceSeconds: 300 },
	secretIsChosenByUser: false,
	repeatsOn: 'failure',
	secretPrefix: 'whsec_',
	secretLabel: 'Signing Secret',
	event: ({ body }) => ({
		type: at(body, 'type'),
		timestamp: at(body, 'created'),
		// The customer's id: `customer.id` if the event was expanded, else `customer`.
		userId: at(body, 'data', 'object', 'customer', 'id') ?? at(body, 'data', 'object', 'customer'),
		id: at(body, 'id'),
	}),
};
