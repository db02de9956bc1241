import { buildSignatureVerifier } from '../../../../../../nodes/GameInsightsWebhook/intake/authenticate/signature';
import { unauthorized } from '../../../../../../nodes/GameInsightsWebhook/intake/authenticate/unauthorized';
import { Refusal } from '../../../../../../nodes/GameInsightsWebhook/intake/refusal';
import { busy, refusalReply } from '../../../../../../nodes/GameInsightsWebhook/intake/reply';
import { ARRIVAL_MS, incomingRequest } from '../../../../../support/incomingRequest';
import { refusedBy } from '../../../../../support/refused';
import { senders } from '../../../../../support/senders';
import { hmacElsewhere } from '../../../../../support/signersElsewhere';

function receive(name: string, body: string, signedBody = body) {
	const sender = senders[name];
	if (sender === undefined) throw new Error(`There is no sender ${name}`);
	const headers = [...sender.otherHeaders, ...sender.sign(signedBody, ARRIVAL_MS)];
	const { verify } = buildSignatureVerifier({ scheme: sender.scheme, ...sender.credential });
	return verify(incomingRequest({ headers, body }));
}

const SLACK =
	'{"token":"Jhj5","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}';
const TWITCH =
	'{"challenge":"pogchamp-kappa-360noscope-vohiyo","subscription":{"id":"f1c2","status":"webhook_callback_verification_pending","type":"channel.follow","version":"1"}}';
const DISCORD = '{"version":1,"application_id":"1234560123453231555","type":0}';
const TEBEX =
	'{"id":"2c116b11-1110-91e0-b266-b792c8da5f11","type":"validation.webhook","date":"2021-08-24T12:21:47+00:00","subject":{}}';

const ZOOM =
	'{"event":"endpoint.url_validation","event_ts":1654503849680,"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}';

describe('the handshake', () => {
	it.each([
		[
			'Slack',
			SLACK,
			{
				status: 200,
				headers: { 'content-type': 'text/plain' },
				body: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
			},
		],
		[
			'Twitch',
			TWITCH,
			{ status: 200, headers: { 'content-type': 'text/plain' }, body: 'pogchamp-kappa-360noscope-vohiyo' },
		],
		['Discord', DISCORD, { status: 204, headers: { 'content-type': 'application/json' }, body: '' }],
		[
			'Tebex',
			TEBEX,
			{
				status: 200,
				headers: { 'content-type': 'application/json' },
				body: '{"id":"2c116b11-1110-91e0-b266-b792c8da5f11"}',
			},
		],
		[
			'Zoom',
			ZOOM,
			{
				status: 200,
				headers: { 'content-type': 'application/json' },
				body: `{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":"${hmacElsewhere({
					hash: 'sha256',
					key: Buffer.from(senders.Zoom?.credential.secretKey ?? ''),
					data: Buffer.from('qgg8vlvZRS6UYooatFL8Aw'),
				})}"}`,
			},
		],
	])('of %s gets the answer its documentation asks for', (name, body, answer) => {
		expect(receive(name, body).handshake).toEqual(answer);
	});

	it.each([
		['Slack', SLACK],
		['Twitch', TWITCH],
		['Discord', DISCORD],
		['Tebex', TEBEX],
		['Zoom', ZOOM],
	])('of %s is refused like anything else when its signature is wrong', async (name, body) => {
		const refusal = await refusedBy(() => receive(name, body, `${body} `));
		expect({ status: refusal.status, code: refusal.code }).toEqual({ status: 401, code: 'unauthorized' });
	});

	it.each([
		['Slack', '{"type":"url_verification"}'],
		['Slack', '{"type":"url_verification","challenge":7}'],
		['Slack', '{"type":"event_callback","challenge":"abc"}'],
		['Twitch', '{"challenge":{"a":1}}'],
		['Twitch', '["challenge"]'],
		['Discord', '{"type":"0"}'],
		['Discord', '{"type":1,"id":"1","token":"an interaction, which wants an answer of its own"}'],
		['Tebex', '{"type":"validation.webhook","id":7}'],
		['Tebex', '{"type":"payment.completed","id":"7"}'],
		['Zoom', '{"event":"endpoint.url_validation","payload":{"plainToken":7}}'],
		['Zoom', '{"event":"meeting.started","payload":{"plainToken":"a"}}'],
		['Zoom', '["endpoint.url_validation"]'],
		['GitHub', SLACK],
		['Stripe', TWITCH],
		['gameInsights', SLACK],
	])('is not seen by %s in %s', (name, body) => {
		expect(receive(name, body).handshake).toBeNull();
	});

	it.each(['Slack', 'Twitch', 'Discord', 'Tebex', 'Zoom'])(
		'is not seen by %s in what is not JSON',
		(name) => {
			expect(receive(name, 'challenge=abc')).toMatchObject({ handshake: null, translate: null });
		},
	);
});

it('of Zoom is answered with the secret that it was signed with, during a change of secrets', () => {
	const { credential, sign } = senders.Zoom ?? {};
	const { verify } = buildSignatureVerifier({
		scheme: 'zoom',
		secretKey: 'another secret of some length',
		previousSecretKey: credential?.secretKey,
	});
	const headers = sign?.(ZOOM, ARRIVAL_MS) ?? [];
	expect(verify(incomingRequest({ headers, body: ZOOM })).handshake).toEqual(receive('Zoom', ZOOM).handshake);
});

describe('the answers that senders insist on', () => {
	const all = Object.entries(senders).map(
		([name, { scheme, credential }]) => [name, buildSignatureVerifier({ scheme, ...credential })] as const,
	);

	it('are 204 without a body for Discord, and the usual one for everybody else', () => {
		for (const [name, { body }] of Object.entries(senders)) {
			const expected =
				name === 'Discord'
					? { status: 204, headers: { 'content-type': 'application/json' }, body: '' }
					: null;
			expect({ name, acceptance: receive(name, body).acceptance }).toEqual({ name, acceptance: expected });
		}
	});

	it('come while the sender still waits, where it says for how long', () => {
		const said: Record<string, number> = {};
		for (const [name, { body }] of Object.entries(senders)) {
			const { senderWaitsMs } = receive(name, body);
			if (senderWaitsMs !== undefined) said[name] = senderWaitsMs;
		}
		expect(said).toEqual({
			'Standard Webhooks': 15_000,
			'Standard Webhooks with Ed25519': 15_000,
			Svix: 15_000,
			GitHub: 10_000,
			Shopify: 5_000,
			Slack: 3_000,
			Twitch: 5_000,
			Roblox: 5_000,
			Xsolla: 3_000,
			Discord: 3_000,
			Paddle: 5_000,
			Square: 10_000,
			Zoom: 3_000,
		});
	});

	it('to what has to come again later are 503 instead of 429 for who comes again only after a server error', () => {
		for (const [name, { answers }] of all) {
			const { status, headers } = refusalReply(busy(7), 'id', answers);
			const expected = name === 'Xsolla' ? 503 : 429;
			expect({ name, status, headers }).toEqual({ name, status: expected, headers: { 'Retry-After': '7' } });
		}
	});

	it('to a bad signature are 400 INVALID_SIGNATURE for Xsolla, and 401 for everybody else', () => {
		for (const [name, { answers }] of all) {
			const reply = refusalReply(unauthorized('The signature is stale.'), 'id', answers);
			if (name === 'Xsolla') {
				expect(reply).toEqual({
					status: 400,
					headers: { 'content-type': 'application/json' },
					body: '{"error":{"code":"INVALID_SIGNATURE","message":"Invalid signature"}}',
				});
			} else expect(reply).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } });
		}
	});

	it.each([
		['payload_too_large', 413],
		['unsupported_media_type', 415],
		['invalid_events', 400],
		['address_not_allowed', 403],
		['not_configured', 500],
		['internal_error', 500],
		['unavailable', 503],
		['workflow_failed', 500],
	] as const)('to %s are %d for everybody', (code, status) => {
		for (const [, { answers }] of all) {
			expect(refusalReply(new Refusal(status, code, ''), 'id', answers).status).toBe(status);
		}
	});
});
