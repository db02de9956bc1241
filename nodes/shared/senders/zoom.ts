import { at } from './at';
import type { Scheme } from './scheme';

/**
 * Zoom. Before it sends to an endpoint, and then every 72 hours, it checks whether the endpoint knows the
 * secret. That message is signed like any event, so nobody else can get a text signed. No id identifies a
 * notification. Source: developers.zoom.us/docs/api/webhooks; github.com/zoom/webhook-sample, index.js. It
 * waits 3 s and tries up to three more times: developers.zoom.us/blog/webhook-delays.
 */
export const zoom: Scheme = {
	displayName: 'Zoom',
	description: 'Event subscriptions of an app',
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
