import { at } from './at';
import type { Scheme } from './scheme';

/**
 * Zoom. Before it sends to an endpoint, and every 72 hours after that, it asks whether the endpoint knows the
 * secret. The question is signed like any event, so nobody else gets a text signed. No id names a
 * notification. Source: developers.zoom.us/docs/api/webhooks; github.com/zoom/webhook-sample, index.js. It
 * waits 3 s, and sends up to three times more, by developers.zoom.us/blog/webhook-delays.
 */
export const zoom: Scheme = {
	displayName: 'Zoom',
	setUp:
		'Copy the secret token from Access of your app in the Zoom App Marketplace and publish the workflow. Then enter the production URL of the node as the event notification endpoint URL there and choose Validate; the node answers the validation by itself, each time that Zoom asks.',
	recipes: [
		{
			headers: { signature: 'x-zm-signature', timestamp: 'x-zm-request-timestamp' },
			form: { kind: 'single', prefix: 'v0=' },
			encoding: 'hex',
			signedContent: 'v0:{timestamp}:{body}',
			proofs: [{ kind: 'hmac', hash: 'sha256', secretEncoding: 'utf8' }],
		},
	],
	timestamp: { unit: 'seconds', toleranceSeconds: 300 },
	secretIsChosenByUser: false,
	waitsSeconds: 3,
	repeatsOn: 'failure',
	handshake: ({ body, hmac }) => {
		const plainToken = at(body, 'payload', 'plainToken');
		if (at(body, 'event') !== 'endpoint.url_validation' || typeof plainToken !== 'string') return null;
		return {
			status: 200,
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ plainToken, encryptedToken: hmac(plainToken).toString('hex') }),
		};
	},
	event: ({ body }) => ({
		type: at(body, 'event'),
		timestamp: at(body, 'event_ts'),
		userId: at(body, 'payload', 'operator_id'),
	}),
};
