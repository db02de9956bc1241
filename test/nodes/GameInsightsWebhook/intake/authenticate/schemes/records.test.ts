import { buildSignatureVerifier } from '../../../../../../nodes/GameInsightsWebhook/intake/authenticate/signature';
import { ARRIVAL_MS, incomingRequest } from '../../../../../support/incomingRequest';
import { senders } from '../../../../../support/senders';

/**
 * The fields beside `properties` of the event that a sender's body becomes; null when it is left as it is.
 */
function eventFields(name: string, body: string, otherHeaders = senders[name]?.otherHeaders ?? []): unknown {
	const sender = senders[name];
	if (sender === undefined) throw new Error(`There is no sender ${name}`);
	const headers = [...otherHeaders, ...sender.sign(body, ARRIVAL_MS)];
	const request = incomingRequest({ headers, body });
	const { translate } = buildSignatureVerifier({ scheme: sender.scheme, ...sender.credential }).verify(
		request,
	);
	if (translate === null) return null;
	const { properties: _, ...fields } = JSON.parse(translate(request)?.text ?? '{}');
	return fields;
}

const TWITCH_EVENT = { timestamp: '2026-01-15T12:00:00.000634226Z', event_id: 'e76c6bd4' };

describe('a message becomes an event', () => {
	it.each([
		['Standard Webhooks', '{"event_type":"a"}'],
		['Standard Webhooks', '{"events":[{"event_type":"a"}]}'],
		['Standard Webhooks', '[{"event_type":"a"}]'],
		['Svix', '{"event_type":"a","type":"b"}'],
		['gameInsights', '{"type":"a"}'],
		['a custom sender', '{"type":"a"}'],
	])('of %s only when it is none yet: %s', (name, body) => {
		expect(eventFields(name, body)).toBeNull();
	});

	it.each([
		['Svix', 'without a timestamp', '{"type":"a"}', { event_type: 'a', event_id: 'msg_2b9f' }],
		[
			'Stripe',
			'with the customer written out',
			'{"id":"evt_1","type":"a","created":1,"data":{"object":{"customer":{"id":"cus_1"}}}}',
			{ event_type: 'a', timestamp: '1970-01-01T00:00:01.000Z', user_id: 'cus_1', event_id: 'evt_1' },
		],
		[
			'Stripe',
			'without a customer',
			'{"id":"evt_1","type":"a","data":{"object":{"customer":null}}}',
			{ event_type: 'a', event_id: 'evt_1' },
		],
		[
			'Slack',
			'of another kind than an event callback',
			'{"type":"app_rate_limited","team_id":"T1"}',
			{ event_type: 'app_rate_limited' },
		],
		[
			'Slack',
			'with the user written out',
			'{"type":"event_callback","event":{"type":"team_join","user":{"id":"U1"}}}',
			{ event_type: 'team_join', user_id: 'U1' },
		],
		[
			'Twitch',
			'about a channel',
			'{"subscription":{"type":"stream.online"},"event":{"broadcaster_user_id":"9"}}',
			{
				event_type: 'stream.online',
				timestamp: '2026-01-15T12:00:00.000634226Z',
				user_id: '9',
				event_id: 'e76c6bd4',
			},
		],
		[
			'Twitch',
			'about the end of a subscription',
			'{"subscription":{"type":"channel.follow","status":"authorization_revoked"}}',
			{ event_type: 'revocation', timestamp: '2026-01-15T12:00:00.000634226Z', event_id: 'e76c6bd4' },
		],
		[
			'Twitch',
			'about several Drops at once',
			'{"subscription":{"type":"drop.entitlement.grant","status":"enabled"},"events":[{"id":"b","data":{"user_id":"9"}}]}',
			{
				event_type: 'drop.entitlement.grant',
				timestamp: '2026-01-15T12:00:00.000634226Z',
				event_id: 'e76c6bd4',
			},
		],
		[
			'Tebex',
			'about a recurring payment',
			'{"id":"t","type":"recurring-payment.renewed","date":"2026-01-15T11:59:58+00:00","subject":{"reference":"tbx-r","last_payment":{"customer":{"username":{"id":"7","username":"ann"}}}}}',
			{
				event_type: 'recurring-payment.renewed',
				timestamp: '2026-01-15T11:59:58+00:00',
				user_id: '7',
				event_id: 't',
			},
		],
		[
			'Tebex',
			'from a buyer without a name in the game',
			'{"id":"t","type":"payment.completed","subject":{"customer":{"username":null}}}',
			{ event_type: 'payment.completed', event_id: 't' },
		],
		[
			'Xsolla',
			'of a project in separate mode',
			'{"notification_type":"payment","user":{"id":"u"},"transaction":{"id":1,"payment_date":"2026-01-01T12:00:00+00:00"}}',
			{ event_type: 'payment', timestamp: '2026-01-01T12:00:00+00:00', user_id: 'u' },
		],
		[
			'Discord',
			'about an authorization',
			'{"type":1,"event":{"type":"APPLICATION_AUTHORIZED","timestamp":"2024-10-18T14:42:53.064834","data":{"user":{"id":"1"}}}}',
			{ event_type: 'APPLICATION_AUTHORIZED', timestamp: '2024-10-18T14:42:53.064834Z', user_id: '1' },
		],
		[
			'Discord',
			'about a lobby',
			'{"type":1,"event":{"type":"LOBBY_MESSAGE_CREATE","timestamp":"2024-10-18T14:42:53+02:00","data":{"author":{"id":"2"}}}}',
			{ event_type: 'LOBBY_MESSAGE_CREATE', timestamp: '2024-10-18T14:42:53+02:00', user_id: '2' },
		],
		[
			'Twitch',
			'of an anonymous cheer',
			'{"subscription":{"type":"channel.cheer"},"event":{"is_anonymous":true,"user_id":null,"broadcaster_user_id":"9","bits":100}}',
			{ ...TWITCH_EVENT, event_type: 'channel.cheer' },
		],
		[
			'Twitch',
			'of an anonymous gift whose giver has a stand-in',
			'{"subscription":{"type":"channel.chat.notification"},"event":{"chatter_is_anonymous":true,"chatter_user_id":"274598607","broadcaster_user_id":"9"}}',
			{ ...TWITCH_EVENT, event_type: 'channel.chat.notification' },
		],
		[
			'Twitch',
			'of nobody, though not said to be anonymous',
			'{"subscription":{"type":"channel.subscription.gift"},"event":{"user_id":null,"broadcaster_user_id":"9"}}',
			{ ...TWITCH_EVENT, event_type: 'channel.subscription.gift' },
		],
		[
			'Twitch',
			'in a chat',
			'{"subscription":{"type":"channel.chat.message"},"event":{"broadcaster_user_id":"9","chatter_user_id":"4"}}',
			{ ...TWITCH_EVENT, event_type: 'channel.chat.message', user_id: '4' },
		],
		[
			'Twitch',
			'about messages of a chatter that were cleared',
			'{"subscription":{"type":"channel.chat.clear_user_messages"},"event":{"broadcaster_user_id":"9","target_user_id":"5"}}',
			{ ...TWITCH_EVENT, event_type: 'channel.chat.clear_user_messages', user_id: '5' },
		],
		[
			'Twitch',
			'about a raid',
			'{"subscription":{"type":"channel.raid"},"event":{"from_broadcaster_user_id":"6","to_broadcaster_user_id":"9","viewers":8}}',
			{ ...TWITCH_EVENT, event_type: 'channel.raid', user_id: '6' },
		],
		[
			'Twitch',
			'about what a moderator did',
			'{"subscription":{"type":"channel.moderate"},"event":{"broadcaster_user_id":"9","moderator_user_id":"7","action":"clear"}}',
			{ ...TWITCH_EVENT, event_type: 'channel.moderate', user_id: '7' },
		],
		[
			'Discord',
			'of nobody',
			'{"type":1,"event":{"type":"a","data":{"user_id":null,"author":{"id":"2"}}}}',
			{ event_type: 'a' },
		],
		[
			'Tebex',
			"of a customer without an id, whose last payment was another one's",
			'{"id":"t","type":"a","subject":{"customer":{"username":{"id":null}},"last_payment":{"customer":{"username":{"id":"7"}}}}}',
			{ event_type: 'a', event_id: 't' },
		],
		['Svix', 'without a type', '{"data":{"id":7}}', { event_type: 'message', event_id: 'msg_2b9f' }],
		[
			'Standard Webhooks',
			'with a type that is none',
			'{"type":null,"id":"pred_1","status":"succeeded"}',
			{ event_type: 'message', event_id: 'msg_2b9f' },
		],
		['Svix', 'with a blank type', '{"type":" "}', { event_type: 'message', event_id: 'msg_2b9f' }],
		[
			'Svix',
			'with a list of its own called events',
			'{"type":"batch.done","events":[{"id":1}]}',
			{ event_type: 'batch.done', event_id: 'msg_2b9f' },
		],
		[
			'Svix',
			'with something else called events',
			'{"events":3}',
			{ event_type: 'message', event_id: 'msg_2b9f' },
		],
		['Stripe', 'without a type or an id', '{"object":"event","id":""}', { event_type: 'message' }],
		['Paddle', 'without a customer', '{"event_type":"a","data":{}}', { event_type: 'a' }],
	])('of %s %s', (name, _, body, fields) => {
		expect(eventFields(name, body)).toEqual(fields);
	});

	it.each(['GitHub', 'Shopify', 'Unity Build Automation'])(
		'of %s named `message` when no header names a type',
		(name) => {
			expect(eventFields(name, '{}', [])).toEqual({ event_type: 'message' });
		},
	);

	it('with the id that was signed, whatever other header names another one', () => {
		const added = [
			['webhook-id', 'made up'],
			['svix-id', 'made up'],
		] as const;
		expect(eventFields('Svix', '{"type":"a"}', [added[0]])).toEqual({
			event_type: 'a',
			event_id: 'msg_2b9f',
		});
		expect(eventFields('Standard Webhooks', '{"type":"a"}', [added[1]])).toEqual({
			event_type: 'a',
			event_id: 'msg_2b9f',
		});
	});
});
