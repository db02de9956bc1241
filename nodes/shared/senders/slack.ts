import { at } from './at';
import type { Scheme } from './scheme';

/**
 * Slack's Events API. Source: api.slack.com/docs/verifying-requests-from-slack and /events/url_verification;
 * github.com/slackapi/bolt-js, src/receivers/verify-request.ts; github.com/slackapi/slack-api-specs,
 * events-api. It waits 3 s: docs.slack.dev/apis/events-api.
 */
export const slack: Scheme = {
	displayName: 'Slack',
	description: 'Events API',
	setUp:
		'Copy the signing secret from Basic Information of your Slack app and publish the workflow. Then enter the production URL of the node under Event Subscriptions; the node answers the challenge by itself.',
	recipes: [
		{
			headers: { signature: 'x-slack-signature', timestamp: 'x-slack-request-timestamp' },
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
	handshake: ({ body }) => {
		const challenge = at(body, 'challenge');
		if (at(body, 'type') !== 'url_verification' || typeof challenge !== 'string') return null;
		return { status: 200, headers: { 'content-type': 'text/plain' }, body: challenge };
	},
	event: ({ body }) => ({
		type: at(body, 'event', 'type') ?? at(body, 'type'),
		timestamp: at(body, 'event_time'),
		userId: at(body, 'event', 'user', 'id') ?? at(body, 'event', 'user'),
		id: at(body, 'event_id'),
	}),
};
