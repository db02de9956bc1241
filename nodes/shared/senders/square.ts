import { at } from './at';
import type { Scheme } from './scheme';

/**
 * Square. It signs the address that the user entered at Square. Behind a proxy, that is not the address that
 * n8n sees. Source: developer.squareup.com/docs/webhooks/step2subscribe, /step3validate and /step4manage;
 * github.com/square/square-nodejs-sdk, src/wrapper/WebhooksHelper.ts. It waits 10 s:
 * developer.squareup.com/docs/webhooks/troubleshooting.
 */
export const square: Scheme = {
	displayName: 'Square',
	description: 'Webhook subscriptions',
	setUp:
		'In the Square Developer Console open Webhooks > Subscriptions of your application and add the production URL of the node. Then copy the signature key of that subscription.',
	recipes: [
		{
			headers: { signature: 'x-square-hmacsha256-signature' },
			form: { kind: 'single', prefix: '' },
			encoding: 'base64',
			signedContent: '{url}{body}',
			proofs: [{ kind: 'hmac', hash: 'sha256', secretEncoding: 'utf8' }],
		},
	],
	timestamp: null,
	secretIsChosenByUser: false,
	waitsSeconds: 10,
	repeatsOn: 'failure',
	event: ({ body }) => ({
		type: at(body, 'type'),
		timestamp: at(body, 'created_at'),
		id: at(body, 'event_id'),
	}),
};
