import crypto from 'crypto';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import nacl from 'tweetnacl';
import { readSignatureHeader } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/signatureHeader';
import { buildSignatureVerifier } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/signature';
import { ARRIVAL_MS, incomingRequest } from '../../../../support/incomingRequest';
import { expectUnauthorized } from '../../../../support/refused';

const STRIPE = { kind: 'pairs', separator: ',', timestampKey: 't', signatureKey: 'v1' } as const;

describe('a signature header', () => {
	it('of pairs is split at the first equals sign only: base64 ends in some', () => {
		expect(readSignatureHeader('t=1,v1=FA/pFw==', STRIPE)).toEqual({
			signatures: [{ version: null, text: 'FA/pFw==' }],
			timestamp: '1',
		});
	});

	it('of pairs may come with spaces, several signatures, and pairs nobody knows', () => {
		expect(readSignatureHeader('v0=x, t=1 ,v1=a,=,bad,v1=b,v1=', STRIPE)).toEqual({
			signatures: ['a', 'b', ''].map((text) => ({ version: null, text })),
			timestamp: '1',
		});
	});

	it.each(['v1=a', 't=1,t=2,v1=a', 't=1,v1=a,t=1'])(
		'of pairs has no timestamp unless there is exactly one: %s',
		(value) => {
			expect(readSignatureHeader(value, STRIPE).timestamp).toBeNull();
		},
	);

	it('of versions is a list parted by spaces', () => {
		expect(readSignatureHeader('v1,a= ,e v1a,b v2,c,d rubbish', { kind: 'versions' }).signatures).toEqual([
			{ version: 'v1', text: 'a=' },
			{ version: '', text: 'e' },
			{ version: 'v1a', text: 'b' },
			{ version: 'v2', text: 'c,d' },
			{ version: null, text: '' },
		]);
	});

	describe('of pairs parted by commas or semicolons', () => {
		const ANY = { kind: 'pairs', separator: 'any', timestampKey: 't', signatureKey: 'v1' } as const;
		const textsIn = (value: string) => readSignatureHeader(value, ANY).signatures.map(({ text }) => text);

		it.each([
			['t=1;v1=a,v1=b', ['a', 'b']],
			['t=1, v1=a ; v1=b', ['a', 'b']],
			['t=1,v0=x,v1=a,b; c', ['a', 'b', 'c']],
			['v1=FA/pFw==,FA/pFx==', ['FA/pFw==', 'FA/pFx==']],
			['v0=x,y,v1=a', ['a']],
		])('holds what its keys say, and what follows a key: %s', (value, texts) => {
			expect(textsIn(value)).toEqual(texts);
		});

		it.each(['a,v1', '=a', ',;', 'v0=x,y'])('holds no signature without its key: %j', (value) => {
			expect(textsIn(value)).toEqual([]);
		});
	});

	it.each([
		['sha256=a', ['a']],
		['sha256=a,b', ['a', 'b']],
		['sha256=a, sha256=b', ['a', 'b']],
		['sha256=a,bsha256=', ['a', 'bsha256=']],
		['a,sha256=b', []],
	])('of a list has its prefix first, and may repeat it: %s', (value, texts) => {
		const { signatures, timestamp } = readSignatureHeader(value, { kind: 'list', prefix: 'sha256=' });
		expect({ signatures, timestamp }).toEqual({
			signatures: texts.map((text) => ({ version: null, text })),
			timestamp: null,
		});
	});

	it('of a list without a prefix is taken as it stands', () => {
		expect(readSignatureHeader('a , b', { kind: 'list', prefix: '' }).signatures).toEqual([
			{ version: null, text: 'a' },
			{ version: null, text: 'b' },
		]);
	});

	it('holds no signature when its prefix is another', () => {
		expect(readSignatureHeader('sha1=a', { kind: 'single', prefix: 'sha256=' }).signatures).toEqual([]);
	});

	it('is not read beyond eight signatures: somebody is making us calculate', () => {
		expect(readSignatureHeader('v1=a,'.repeat(9), STRIPE).signatures).toHaveLength(8);
		expect(readSignatureHeader('v1,a '.repeat(9), { kind: 'versions' }).signatures).toHaveLength(8);
	});
});

describe('a header of 16 KB', () => {
	const pair = nacl.sign.keyPair.fromSeed(new Uint8Array(32).fill(3));
	const publicKey = `whpk_${Buffer.from(pair.publicKey).toString('base64')}`;
	const { verify } = buildSignatureVerifier({ scheme: 'standardWebhooks', publicKey });
	const signatureOf = (number: number) => Buffer.alloc(64, number).toString('base64');

	/** How often Ed25519 is calculated, by Node.js' own function. */
	async function verifications(signature: string): Promise<number> {
		const counted = jest.spyOn(crypto, 'verify');
		const headers: Array<[string, string]> = [
			['webhook-id', 'msg_1'],
			['webhook-timestamp', String(ARRIVAL_MS / 1000)],
			['webhook-signature', signature.slice(0, 16_384)],
		];
		await expectUnauthorized(() => verify(incomingRequest({ headers, body: '{}' })));
		const { length } = counted.mock.calls;
		counted.mockRestore();
		return length;
	}

	it.each([
		['one signature again and again', `v1a,${signatureOf(1)} `.repeat(170), 1],
		['eight times the same', `v1a,${signatureOf(1)} `.repeat(8), 1],
		['two of them in turn', `v1a,${signatureOf(1)} v1a,${signatureOf(2)} `.repeat(85), 2],
		['different ones', Array.from({ length: 170 }, (_, at) => `v1a,${signatureOf(at)}`).join(' '), 8],
		['versions nobody knows', `v7,${signatureOf(1)} `.repeat(170), 0],
		['nothing that can be read', 'v1a,?? '.repeat(2_000), 0],
	])('with %s costs few verifications', async (_, signature, most) => {
		expect(await verifications(signature)).toBe(most);
	});
});

describe('a header with several signatures', () => {
	const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
	const good = new Webhook(SECRET).sign('msg_1', new Date(ARRIVAL_MS), '{}');
	const pair = nacl.sign.keyPair.fromSeed(new Uint8Array(32).fill(3));
	const publicKey = `whpk_${Buffer.from(pair.publicKey).toString('base64')}`;
	const content = Buffer.from(`msg_1.${ARRIVAL_MS / 1000}.{}`);
	const sealed = `v1a,${Buffer.from(nacl.sign.detached(content, pair.secretKey)).toString('base64')}`;

	const request = (signature: string) =>
		incomingRequest({
			headers: [
				['webhook-id', 'msg_1'],
				['webhook-timestamp', String(ARRIVAL_MS / 1000)],
				['webhook-signature', signature],
			],
			body: '{}',
		});
	const standard = (credential: object) =>
		buildSignatureVerifier({ scheme: 'standardWebhooks', ...credential });

	it.each([
		['after signatures by another key', `v1,${'A'.repeat(43)}= ${good}`],
		['beside versions nobody knows', `v2,abc ${good} v9,xyz`],
		['beside an empty one', `v1, ${good}`],
		['beside one that is cut short', `v1,dawfeoifkpqwoekfpqoekf ${good}`],
	])('is right when one of them is: %s', (_, signature) => {
		expect(standard({ secretKey: SECRET }).verify(request(signature)).sender.keyId).toBe('current');
	});

	it.each([
		['v2 only', good.replace('v1', 'v2')],
		['no version', good.slice(3)],
		['the HMAC under the version of Ed25519', good.replace('v1', 'v1a')],
		['nothing but a version', 'v1,'],
	])('is refused when none of them is: %s', async (_, signature) => {
		await expectUnauthorized(() => standard({ secretKey: SECRET, publicKey }).verify(request(signature)));
	});

	it.each([
		['HMAC, with both keys set', { secretKey: SECRET, publicKey }, good],
		['Ed25519, with both keys set', { secretKey: SECRET, publicKey }, sealed],
		['both, with the secret set', { secretKey: SECRET }, `${sealed} ${good}`],
		['both, with the public key set', { publicKey }, `${good} ${sealed}`],
	])('of Standard Webhooks is right by %s', (_, credential, signature) => {
		expect(standard(credential).verify(request(signature)).sender.keyId).toBe('current');
	});

	it('of Standard Webhooks may belong to the previous secret', () => {
		const verifier = standard({
			secretKey: 'whsec_bmV3IHNlY3JldCBuZXcgc2VjcmV0IG5ldw==',
			previousSecretKey: SECRET,
		});
		expect(verifier.verify(request(good)).sender.keyId).toBe('previous');
	});

	it('takes a secret with or without whsec_ for Standard Webhooks', () => {
		expect(standard({ secretKey: SECRET.slice(6) }).verify(request(good)).sender.keyId).toBe('current');
	});

	it('takes Ed25519 only with the key whose pair signed', async () => {
		const other = `whpk_${Buffer.from(nacl.sign.keyPair().publicKey).toString('base64')}`;
		await expectUnauthorized(() => standard({ publicKey: other }).verify(request(sealed)));
	});

	it('of Stripe is right whatever is put behind it, and not by its other scheme', async () => {
		const secret = 'whsec_test_secret';
		const sign = (scheme?: string) =>
			Stripe.webhooks.generateTestHeaderString({
				payload: '{}',
				secret,
				scheme,
				timestamp: ARRIVAL_MS / 1000,
			});
		const { verify } = buildSignatureVerifier({ scheme: 'stripe', secretKey: secret });
		const ofStripe = (signature: string) =>
			incomingRequest({ headers: [['Stripe-Signature', signature]], body: '{}' });
		expect(verify(ofStripe(`${sign()},v1=potato`)).sender.keyId).toBe('current');
		expect(verify(ofStripe(`${sign()},v0=${'0'.repeat(64)}`)).sender.keyId).toBe('current');
		await expectUnauthorized(() => verify(ofStripe(sign('v0'))));
		await expectUnauthorized(() => verify(ofStripe(`${sign()},t=1`)));
	});

	it('of Roblox without a secret holds a time and proves nothing', async () => {
		const { verify } = buildSignatureVerifier({ scheme: 'roblox', secretKey: 'a secret of sixteen' });
		const headers: Array<[string, string]> = [['roblox-signature', `t=${ARRIVAL_MS / 1000}`]];
		const { operatorMessage } = await expectUnauthorized(() =>
			verify(incomingRequest({ headers, body: '{}' })),
		);
		expect(operatorMessage).toBe('The signature header does not have the form that this sender uses.');
	});
});

describe('an Ed25519 key', () => {
	it.each([
		['hex with something behind it', 'discord', `${'ab'.repeat(32)}zz`],
		['base64 with bits to spare', 'standardWebhooks', `whpk_${'A'.repeat(42)}B=`],
		['all zeros', 'discord', '00'.repeat(32)],
		['the neutral point', 'discord', `01${'00'.repeat(31)}`],
		[
			'a point of small order',
			'standardWebhooks',
			`whpk_${Buffer.from(`ec${'ff'.repeat(31)}`, 'hex').toString('base64')}`,
		],
		['hex of 31 bytes', 'discord', 'ab'.repeat(31)],
		['hex of 33 bytes', 'discord', 'ab'.repeat(33)],
		['64 letters that are not hex', 'discord', 'xy'.repeat(32)],
		['base64 of 31 bytes', 'standardWebhooks', `whpk_${Buffer.alloc(31).toString('base64')}`],
		['hex where base64 belongs', 'standardWebhooks', 'ab'.repeat(32)],
		['a PEM', 'discord', '-----BEGIN PUBLIC KEY-----'],
	])('is not %s', (_, scheme, publicKey) => {
		expect(() => buildSignatureVerifier({ scheme, publicKey })).toThrow(
			/^The field "Public Key" is not an Ed25519 public key/,
		);
	});
});
