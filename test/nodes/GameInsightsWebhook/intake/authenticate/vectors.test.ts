import { createPublicKey } from 'crypto';
import { proveByHmac } from '../../../../../nodes/shared/credential/proof';
import { proveByEd25519 } from '../../../../../nodes/shared/credential/ed25519';
import { buildSignatureVerifier } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/signature';
import { buildTokenVerifier } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/token';
import { incomingRequest } from '../../../../support/incomingRequest';
import { refusedBy } from '../../../../support/refused';
import vectors from '../../../../support/vectors/signatureVectors.json';

/** The sender of each vector that is a whole request, and when it was sent. */
const REQUESTS: Readonly<Record<string, { scheme: string; sentAtMs: number }>> = {
	'standard-webhooks-v1': { scheme: 'standardWebhooks', sentAtMs: 1_614_265_330_000 },
	'github-docs': { scheme: 'github', sentAtMs: 0 },
	'octokit-sign': { scheme: 'github', sentAtMs: 0 },
	'slack-docs': { scheme: 'slack', sentAtMs: 1_531_420_618_000 },
	'xsolla-user_validation': { scheme: 'xsolla', sentAtMs: 0 },
	'xsolla-empty-body': { scheme: 'xsolla', sentAtMs: 0 },
	roblox: { scheme: 'roblox', sentAtMs: 1_703_953_464_000 },
	'paddle-sdk': { scheme: 'paddle', sentAtMs: 1_698_796_800_000 },
	'paddle-sdk-rotation': { scheme: 'paddle', sentAtMs: 1_698_796_800_000 },
	'twitch-challenge': { scheme: 'twitch', sentAtMs: Date.parse('2019-11-16T10:11:12.634Z') },
};

/** The vectors of a bare HMAC; their expected value stands in their note. */
const BARE: Readonly<Record<string, 'hex' | 'base64'>> = {
	'stripe-hmac-primitive-empty': 'hex',
	'stripe-hmac-primitive-json': 'hex',
	'stripe-hmac-primitive-emoji': 'hex',
	'adyen-sdk': 'base64',
};

describe('the published vectors', () => {
	it('are all tried here', () => {
		expect(vectors.map(({ name }) => name).sort()).toEqual(
			[...Object.keys(REQUESTS), ...Object.keys(BARE)].sort(),
		);
	});

	it.each(vectors.filter(({ name }) => name in REQUESTS))(
		'let $name in, and nothing like it',
		async (vector) => {
			const { scheme, sentAtMs } = REQUESTS[vector.name] ?? { scheme: '', sentAtMs: 0 };
			const headers = Object.entries(vector.headers as Record<string, string>);
			const request = incomingRequest({ headers, body: vector.body, receivedAtMs: sentAtMs });
			const { verify } = buildSignatureVerifier({ scheme, secretKey: vector.secret });
			expect(verify(request).sender).toEqual({ method: 'hmac', keyId: 'current', claims: null });
			expect((await refusedBy(() => verify({ ...request, body: Buffer.from(`${vector.body}.`) }))).code).toBe(
				'unauthorized',
			);
			const other = buildSignatureVerifier({ scheme, secretKey: `${vector.secret.slice(0, -1)}x` });
			expect((await refusedBy(() => other.verify(request))).code).toBe('unauthorized');
		},
	);

	it.each(vectors.filter(({ name }) => name in BARE))(
		'agree on $name',
		({ name, secret, signedContent, note, keyEncoding }) => {
			const expected = /expected (\S+)$/.exec(note ?? '')?.[1] ?? '';
			const key = Buffer.from(secret, keyEncoding === 'hex' ? 'hex' : 'utf8');
			const isMadeWithKey = proveByHmac('sha256', key)([signedContent]);
			expect(isMadeWithKey(Buffer.from(expected, BARE[name]))).toBe(true);
		},
	);

	it('agree with Twitch on the answer to its challenge', () => {
		const vector = vectors.find(({ name }) => name === 'twitch-challenge');
		const headers = Object.entries((vector?.headers ?? {}) as Record<string, string>);
		const receivedAtMs = REQUESTS['twitch-challenge']?.sentAtMs;
		const request = incomingRequest({ headers, body: vector?.body, receivedAtMs });
		const { verify } = buildSignatureVerifier({ scheme: 'twitch', secretKey: vector?.secret });
		expect(verify(request).handshake).toEqual({
			status: 200,
			headers: { 'content-type': 'text/plain' },
			body: 'pogchamp-kappa-360noscope-vohiyo',
		});
	});
});

describe("the RFCs' own examples", () => {
	const never = async () => await Promise.reject(new Error('nothing is to be fetched'));

	it('of a token signed with HS256 (RFC 7515, A.1) is right, and with a changed byte not', async () => {
		const token =
			'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
		const k = 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow';
		const [content, signature] = [token.slice(0, token.lastIndexOf('.')), token.split('.')[2] ?? ''];
		const isMadeWithKey = proveByHmac('sha256', Buffer.from(k, 'base64url'));
		expect(isMadeWithKey([content])(Buffer.from(signature, 'base64url'))).toBe(true);
		expect(isMadeWithKey([`${content}A`])(Buffer.from(signature, 'base64url'))).toBe(false);
	});

	it('of a token signed with ES256 (RFC 7515, A.3) is let in until it expires', async () => {
		const key = createPublicKey({
			key: {
				kty: 'EC',
				crv: 'P-256',
				x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
				y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
			},
			format: 'jwk',
		});
		const publicKey = key.export({ type: 'spki', format: 'pem' });
		const { verify } = buildTokenVerifier({ keyType: 'publicKey', publicKey, issuer: 'joe' });
		const token =
			'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q';
		const headers = [['Authorization', `Bearer ${token}`]] as const;
		const atSeconds = (seconds: number) => incomingRequest({ headers, receivedAtMs: seconds * 1000 });
		expect((await verify(atSeconds(1_300_819_380), never)).sender.claims).toEqual({
			iss: 'joe',
			exp: 1_300_819_380,
			'http://example.com/is_root': true,
		});
		const refusal = await refusedBy(async () => await verify(atSeconds(1_300_819_410), never));
		expect(refusal.operatorMessage).toBe('The token has expired.');
	});

	it('of an Ed25519 signature (RFC 8037, A.4) is right', () => {
		const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
		const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
		const content = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc';
		const signature =
			'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
		expect(proveByEd25519(key)([content])(Buffer.from(signature, 'base64url'))).toBe(true);
		expect(proveByEd25519(key)([`${content}.`])(Buffer.from(signature, 'base64url'))).toBe(false);
	});
});
