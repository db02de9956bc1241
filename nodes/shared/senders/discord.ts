import { at, firstThere } from './at';
import type { Scheme } from './scheme';

const PING = 0;
const NO_CONTENT = { status: 204, headers: { 'content-type': 'application/json' }, body: '' };

/**
 * Discord's webhook events. Interactions are not supported: they need an answer that is made for the user who
 * waits for it. Discord sends wrong signatures on purpose, and drops an endpoint that answers them with
 * anything except 401. It repeats a request for 10 minutes and does not say whether it signs it again, so a
 * request may be that old. Source: github.com/discord/discord-api-docs, developers/events/webhook-events.mdx
 * and developers/interactions/overview.mdx. It waits 3 s (first page).
 */
export const discord: Scheme = {
	displayName: 'Discord Webhook Events',
	description: 'Entitlements, lobby messages and other events of a Discord app',
	setUp:
		'Copy the public key from General Information of your app in the Discord Developer Portal and publish the workflow. Then enter the production URL of the node as the endpoint on the Webhooks page and enable the events there; the node answers the ping by itself. Interactions are not supported.',
	recipes: [
		{
			headers: { signature: 'x-signature-ed25519', timestamp: 'x-signature-timestamp' },
			form: { kind: 'single', prefix: '' },
			encoding: 'hex',
			signedContent: '{timestamp}{body}',
			proofs: [{ kind: 'ed25519', publicKeyEncoding: 'hex' }],
		},
	],
	timestamp: { unit: 'seconds', toleranceSeconds: 600 },
	secretIsChosenByUser: false,
	waitsSeconds: 3,
	repeatsOn: 'failure',
	acceptance: NO_CONTENT,
	handshake: ({ body }) => (at(body, 'type') === PING ? NO_CONTENT : null),
	event: ({ body }) => ({
		type: at(body, 'event', 'type'),
		timestamp: asUtc(at(body, 'event', 'timestamp')),
		userId: firstThere(
			at(body, 'event', 'data', 'user', 'id'),
			at(body, 'event', 'data', 'user_id'),
			at(body, 'event', 'data', 'author', 'id'),
		),
	}),
};

/** Discord writes times in UTC without the zone. */
function asUtc(timestamp: unknown): unknown {
	return typeof timestamp === 'string' && /T[\d:.]+$/.test(timestamp) ? `${timestamp}Z` : timestamp;
}
