import { at } from './at';
import type { Scheme } from './scheme';

/**
 * GitHub. It signs neither the time nor the delivery's id. A redelivery has the id of the first delivery.
 * Source: github.com/github/docs, content/webhooks: using-webhooks/validating-webhook-deliveries.md,
 * using-webhooks/creating-webhooks.md and webhook-events-and-payloads.md. It waits 10 s:
 * using-webhooks/best-practices-for-using-webhooks.md.
 */
export const github: Scheme = {
	displayName: 'GitHub',
	description: 'Webhooks of repositories and organizations',
	setUp:
		'On GitHub open Settings > Webhooks > Add webhook of the repository or organization. Enter the production URL of the node, choose the content type application/json, and enter the same secret there and here.',
	recipes: [
		{
			headers: { signature: 'x-hub-signature-256' },
			form: { kind: 'single', prefix: 'sha256=' },
			encoding: 'hex',
			signedContent: '{body}',
			proofs: [{ kind: 'hmac', hash: 'sha256', secretEncoding: 'utf8' }],
		},
	],
	timestamp: null,
	secretIsChosenByUser: true,
	waitsSeconds: 10,
	// It only repeats a delivery when a user asks for it.
	repeatsOn: 'nothing',
	event: ({ body, header }) => ({
		type: header('x-github-event'),
		userId: at(body, 'sender', 'id'),
		id: header('x-github-delivery'),
	}),
};
