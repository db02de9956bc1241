import { at, firstThere } from './at';
import type { Scheme } from './scheme';

const ID = 'twitch-eventsub-message-id';
const TIMESTAMP = 'twitch-eventsub-message-timestamp';

/**
 * Twitch EventSub. The kind of a message is read from the body, because the header with the kind is not
 * signed: with a challenge it is a verification, with an event (or several, for Drops) it is a notification,
 * and with neither the subscription was revoked. Source: dev.twitch.tv/docs/eventsub/handling-webhook-events,
 * /docs/eventsub/eventsub-reference and /reference/drop; github.com/twitchdev/twitch-cli,
 * internal/events/trigger/forward_event.go and internal/events/types/drop/drop.go. The first of these pages
 * says that it waits "a few seconds"; we use 5.
 */
export const twitch: Scheme = {
	displayName: 'Twitch EventSub',
	description: 'Subscriptions over webhook',
	setUp:
		'Make up a secret of 16 to 100 characters and publish the workflow. Then create the subscription with the production URL of the node as transport.callback, which must be HTTPS on port 443, and the secret as transport.secret; the node answers the challenge by itself.',
	recipes: [
		{
			headers: { signature: 'twitch-eventsub-message-signature', timestamp: TIMESTAMP, id: ID },
			form: { kind: 'single', prefix: 'sha256=' },
			encoding: 'hex',
			signedContent: '{id}{timestamp}{body}',
			proofs: [{ kind: 'hmac', hash: 'sha256', secretEncoding: 'utf8' }],
		},
	],
	timestamp: { unit: 'rfc3339', toleranceSeconds: 600 },
	secretIsChosenByUser: true,
	waitsSeconds: 5,
	repeatsOn: 'unsaid',
	handshake: ({ body }) => {
		const challenge = at(body, 'challenge');
		if (typeof challenge !== 'string') return null;
		return { status: 200, headers: { 'content-type': 'text/plain' }, body: challenge };
	},
	event: ({ body, header, signedId }) => ({
		type: tellsOfEvents(body) ? at(body, 'subscription', 'type') : 'revocation',
		timestamp: header(TIMESTAMP),
		userId: whoIn(at(body, 'event')),
		id: signedId,
	}),
};

/**
 * The fields with the user that an event is about. The broadcaster, whom most events also contain, comes
 * last.
 */
const WHO = [
	'user_id',
	'chatter_user_id',
	'target_user_id',
	'from_user_id',
	'from_broadcaster_user_id',
	'moderator_user_id',
	'requester_user_id',
	'broadcaster_user_id',
];

/** Null for an anonymous user, who must not be replaced by the broadcaster. */
function whoIn(event: unknown): unknown {
	const isAnonymous = at(event, 'is_anonymous') === true || at(event, 'chatter_is_anonymous') === true;
	return isAnonymous ? null : firstThere(...WHO.map((name) => at(event, name)));
}

function tellsOfEvents(body: unknown): boolean {
	return at(body, 'event') !== undefined || at(body, 'events') !== undefined;
}
