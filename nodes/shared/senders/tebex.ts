import { at, firstThere } from './at';
import type { Scheme } from './scheme';

/**
 * Tebex. It signs the hex SHA-256 of the body. A message about a recurring payment contains its last payment.
 * Source: docs.tebex.io/developers/webhooks/overview; github.com/tebexio/tebex-sdk-php,
 * src/Webhook/Webhook.php; github.com/tebexio/TebexCheckout-OpenAPI, checkout-api.yaml.
 */
export const tebex: Scheme = {
	displayName: 'Tebex',
	description: 'Webhooks of a game-server store',
	setUp:
		'Publish the workflow, then open Developers > Webhooks > Endpoints in your Tebex panel, add the production URL of the node and copy the webhook secret from there. The node answers the validation by itself; Validate sends it again.',
	recipes: [
		{
			headers: { signature: 'x-signature' },
			form: { kind: 'single', prefix: '' },
			encoding: 'hex',
			signedContent: '{bodySha256}',
			proofs: [{ kind: 'hmac', hash: 'sha256', secretEncoding: 'utf8' }],
		},
	],
	timestamp: null,
	secretIsChosenByUser: false,
	repeatsOn: 'unsaid',
	handshake: ({ body }) => {
		const id = at(body, 'id');
		if (at(body, 'type') !== 'validation.webhook' || typeof id !== 'string') return null;
		return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id }) };
	},
	event: ({ body }) => ({
		type: at(body, 'type'),
		timestamp: at(body, 'date'),
		userId: firstThere(
			at(body, 'subject', 'customer', 'username', 'id'),
			at(body, 'subject', 'last_payment', 'customer', 'username', 'id'),
		),
		id: at(body, 'id'),
	}),
};
