import { pingRequest, readPong } from '../../../../nodes/GameInsights/send/ping';
import { buildSigner } from '../../../../nodes/GameInsights/send/sign/buildSigner';
import { buildAuthenticator } from '../../../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import { receive } from '../../../../nodes/GameInsightsWebhook/intake/receive';
import { refusalReply } from '../../../../nodes/GameInsightsWebhook/intake/reply';
import { buildIntakeRules } from '../../../../nodes/GameInsightsWebhook/intake/rules';
import { ARRIVAL_MS, incomingRequest } from '../../../support/incomingRequest';
import { refusedBy } from '../../../support/refused';
import { USUAL_SETTINGS } from '../../../support/taken';

const credential = { secretKey: 'a secret of thirty-two characters' };
const occasion = { nowMs: ARRIVAL_MS, newId: () => 'id' };

/** What an endpoint with a credential answers to the ping of another one. */
async function pong(receiver: object) {
	const { headers, body } = await pingRequest('https://a.b', buildSigner('hmac', credential), occasion);
	const request = incomingRequest({ headers: Object.entries(headers), body });
	const refusal = await refusedBy(() =>
		receive(request, buildIntakeRules(USUAL_SETTINGS), buildAuthenticator('hmac', { ...receiver })),
	);
	const { status, body: answer } = refusalReply(refusal, 'r', undefined);
	return { status, ...readPong({ status, headers: {}, body: answer as Record<string, unknown> }) };
}

describe('a ping', () => {
	it('is known to an endpoint with the same credential, which takes nothing from it', async () => {
		expect(await pong(credential)).toEqual({
			status: 400,
			isTrusted: true,
			message: 'The endpoint at the Webhook URL knows this sender.',
		});
	});

	it('is not known to an endpoint with another one', async () => {
		expect(await pong({ secretKey: 'another secret of some length...' })).toMatchObject({
			status: 401,
			isTrusted: false,
			message: expect.stringContaining('does not know this sender'),
		});
	});

	it('is no proof at an endpoint that is not set up', async () => {
		expect(await pong({ secretKey: '' })).toMatchObject({ status: 500, isTrusted: false });
	});

	it.each([
		// Anything may answer so: n8n's own Webhook node, or n8n while it starts.
		[200, { message: 'Workflow was started' }, false, 'answered 200'],
		[204, undefined, false, 'answered 204'],
		[400, undefined, false, 'answered 400'],
		[400, { error: { code: 'other', message: 'Go away.' } }, false, '(Go away.)'],
		[403, undefined, false, 'does not accept requests from the IP address'],
		[404, undefined, false, 'publish the receiving workflow'],
		[429, undefined, false, 'too busy'],
		[302, undefined, false, 'answered 302'],
	] as Array<[number, Record<string, unknown> | undefined, boolean, string]>)(
		'that is answered %i with %j: trusted is %p',
		(status, body, isTrusted, words) => {
			expect(readPong({ status, headers: {}, body })).toMatchObject({
				isTrusted,
				message: expect.stringContaining(words),
			});
		},
	);
});
