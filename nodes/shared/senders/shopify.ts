import { at } from './at';
import type { Scheme } from './scheme';

/**
 * Shopify. Topic, time and id are in headers that are not signed. The id belongs to the delivery and stays
 * the same when the delivery is repeated; `X-Shopify-Event-Id` is shared by the deliveries of all
 * subscriptions. Source: shopify.dev/docs/apps/build/webhooks/verify-deliveries and /delivery-structure;
 * github.com/Shopify/shopify-app-js, packages/apps/shopify-api/lib/types.ts. It waits 5 s:
 * shopify.dev/docs/apps/build/webhooks/subscribe/https.
 */
export const shopify: Scheme = {
	displayName: 'Shopify',
	description: 'Webhooks of a shop or an app',
	setUp:
		'Webhooks that an app has subscribed to are signed with the client secret of the app. Those added under Settings > Notifications > Webhooks are signed with the key that is shown there; choose the format JSON.',
	recipes: [
		{
			headers: { signature: 'x-shopify-hmac-sha256' },
			form: { kind: 'single', prefix: '' },
			encoding: 'base64',
			signedContent: '{body}',
			proofs: [{ kind: 'hmac', hash: 'sha256', secretEncoding: 'utf8' }],
		},
	],
	timestamp: null,
	secretIsChosenByUser: false,
	waitsSeconds: 5,
	repeatsOn: 'failure',
	event: ({ body, header }) => ({
		type: header('x-shopify-topic'),
		timestamp: header('x-shopify-triggered-at'),
		userId: at(body, 'customer', 'id'),
		id: header('x-shopify-webhook-id'),
	}),
};
