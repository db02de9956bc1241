import { execFile } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import jwt from 'jsonwebtoken';
import { SENDER_CODE } from '../../nodes/GameInsightsWebhook/panel/senderCode';
import { generation } from '../../lab/paths';
import { post, signed, withKey } from '../support/sender';
import { TRIGGER } from '../support/workflow';
import { inFull } from '../support/quick';
import { API_KEY, type Endpoint, HMAC_SECRET, Instance, JWT_SECRET, until } from './instance';

const EVENT = '{"event_type":"test","user_id":"test_user"}';

interface Pair {
	readonly publicKey: KeyObject;
	readonly privateKey: KeyObject;
}
const rsaPair = (modulusLength = 2048): Pair => generateKeyPairSync('rsa', { modulusLength });

/** A real JWKS address that does what a test tells it. */
class Issuer {
	calls = 0;
	answer: (response: ServerResponse) => void = (response) => response.end('{"keys":[]}');

	private constructor(
		private readonly server: Server,
		/** Stays the same when nobody listens there any more. */
		readonly url: string,
	) {}

	static async start(): Promise<Issuer> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const issuer = new Issuer(server, `http://127.0.0.1:${port}/jwks.json`);
		server.on('request', (_, response: ServerResponse) => {
			issuer.calls += 1;
			issuer.answer(response);
		});
		return issuer;
	}

	publish(pairs: Record<string, Pair>): void {
		const keys = Object.entries(pairs).map(([kid, { publicKey }]) => ({
			...publicKey.export({ format: 'jwk' }),
			kid,
		}));
		this.answer = (response) => {
			response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
		};
	}

	/** From now on nobody listens there. */
	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

const tokenBy = ({ privateKey }: Pair, keyid: string, claims: object = { sub: 'server-7' }): string =>
	jwt.sign(claims, privateKey, { algorithm: 'RS256', keyid, allowInsecureKeySizes: true });
const bearer = (token: string) => ({ 'content-type': 'application/json', authorization: `Bearer ${token}` });

let instance: Instance;
/** Changes its keys while the other tests run: what is new there is seen after a minute. */
let rotating: { issuer: Issuer; endpoint: Endpoint; first: Pair; second: Pair; fetchedAtMs: number };

beforeAll(async () => {
	instance = await Instance.shared();
	const issuer = await Issuer.start();
	const [first, second] = [rsaPair(), rsaPair()];
	issuer.publish({ first });
	const endpoint = await endpointAt(issuer);
	rotating = { issuer, endpoint, first, second, fetchedAtMs: Date.now() };
	expect((await post(endpoint.url, EVENT, bearer(tokenBy(first, 'first')))).status).toBe(200);
	issuer.publish({ first, second });
	expect((await post(endpoint.url, EVENT, bearer(tokenBy(second, 'second')))).status).toBe(401);
}, 120_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

async function endpointWith(kind: 'apiKey' | 'hmac' | 'jwt', data: object): Promise<Endpoint> {
	return await instance.endpoint(kind, { credentials: await instance.credential(kind, data) });
}

const endpointAt = async ({ url: jwksUrl }: Issuer): Promise<Endpoint> =>
	await endpointWith('jwt', { keyType: 'jwksUrl', jwksUrl, algorithms: ['RS256'] });

async function itemFrom(send: () => Promise<{ status: number }>): Promise<Record<string, any>> {
	instance.sink.reset();
	expect((await send()).status).toBe(200);
	await until('the event', () => instance.sink.from('events').length === 1);
	return instance.sink.from('events')[0]?.items[0];
}

describe('while a secret is changed', () => {
	it('items say which one was used, until the old one is cleared', async () => {
		const [former, current] = ['the-key-of-last-year-and-before', API_KEY];
		const credentials = await instance.credential('apiKey', { previousApiKey: former, keyRotation: true });
		const endpoint = await instance.endpoint('apiKey', { credentials });
		for (const [key, keyId] of [
			[former, 'previous'],
			[current, 'current'],
		] as const) {
			const item = await itemFrom(async () => await post(endpoint.url, EVENT, withKey(key)));
			expect(item._delivery.auth).toEqual({ method: 'apiKey', key_id: keyId });
		}
		const type = 'gameInsightsApiKeyApi';
		const { id, name } = (credentials as Record<string, { id: string; name: string }>)[type] ?? {};
		const data = { apiKey: current, keyRotation: false, headerName: 'X-API-Key' };
		await instance.n8n.api.call('PATCH', `/credentials/${id}`, { name, type, data });
		const changedAtMs = Date.now();
		await until('the change to count', async () => {
			const { status } = await post(endpoint.url, EVENT, withKey(former));
			expect([200, 401]).toContain(status);
			return status === 401;
		});
		// A credential is read once a second.
		expect(Date.now() - changedAtMs).toBeLessThan(2_000);
		expect((await post(endpoint.url, EVENT, withKey(former))).status).toBe(401);
		expect((await post(endpoint.url, EVENT, withKey(current))).status).toBe(200);
	});

	it('a test event sees the change at once', async () => {
		const credentials = await instance.credential('apiKey');
		const endpoint = await instance.endpoint('apiKey', { credentials }, false);
		const send = async (key: string) => {
			await instance.n8n.api.listenForTestEvent(endpoint.workflowId, TRIGGER);
			return (await post(endpoint.testUrl, EVENT, withKey(key))).status;
		};
		expect(await send(API_KEY)).toBe(200);
		const type = 'gameInsightsApiKeyApi';
		const { id, name } = (credentials as Record<string, { id: string; name: string }>)[type] ?? {};
		const data = { apiKey: 'another-key-that-is-long-enough', headerName: 'X-API-Key' };
		await instance.n8n.api.call('PATCH', `/credentials/${id}`, { name, type, data });
		expect(await send('another-key-that-is-long-enough')).toBe(200);
	});

	it('signatures by either one are right', async () => {
		const former = 'the-secret-of-last-year-and-before';
		const endpoint = await endpointWith('hmac', { previousSecretKey: former, keyRotation: true });
		for (const [secret, keyId] of [
			[former, 'previous'],
			[HMAC_SECRET, 'current'],
		] as const) {
			const item = await itemFrom(
				async () => await post(endpoint.url, EVENT, signed(EVENT, secret, Date.now())),
			);
			expect(item._delivery.auth).toEqual({ method: 'hmac', key_id: keyId });
		}
	});
});

describe('tokens checked with keys from an address', () => {
	it('are let in by a key that was fetched once, also when the address is gone; other keys are not', async () => {
		const issuer = await Issuer.start();
		const [own, other] = [rsaPair(), rsaPair()];
		issuer.publish({ 'key-1': own });
		const endpoint = await endpointAt(issuer);
		const send = async (token: string) => await post(endpoint.url, EVENT, bearer(token));

		const item = await itemFrom(async () => await send(tokenBy(own, 'key-1', { sub: 'server-7', level: 9 })));
		expect(item._delivery.auth).toMatchObject({
			method: 'jwt',
			key_id: 'key-1',
			claims: { sub: 'server-7', level: 9 },
		});
		expect((await send(tokenBy(own, 'key-1'))).status).toBe(200);
		expect((await send(tokenBy(other, 'key-1'))).status).toBe(401);
		// A name that nobody knows is asked for once a minute at most, so not now: the keys are new.
		for (const made of ['up-1', 'up-2', 'up-3']) expect((await send(tokenBy(other, made))).status).toBe(401);
		expect(issuer.calls).toBe(1);

		await issuer.stop();
		expect((await send(tokenBy(own, 'key-1'))).status).toBe(200);
		expect((await send(tokenBy(other, 'key-1'))).status).toBe(401);
	});

	it.each<[string, (response: ServerResponse) => void, RegExp]>([
		['rubbish', (response) => response.end('<html>'), /what is there is not a JSON Web Key Set/],
		['an error', (response) => response.writeHead(404).end('{"keys":[]}'), /it answers with status 404/],
		[
			'a redirect',
			(response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
			/it redirects elsewhere \(status 302\); enter the address it redirects to/,
		],
		['nothing', () => undefined, /(did not answer within 5 s|takes too long to answer)/],
		[
			'a byte now and then',
			(response) => {
				const timer = setInterval(() => response.write(' '), 500);
				response.on('close', () => clearInterval(timer));
			},
			/did not answer within 5 s/,
		],
	])(
		'are refused with 500 while the address gives %s, and let in when it is well again',
		async (_, answer, reason) => {
			const issuer = await Issuer.start();
			issuer.answer = answer;
			const pair = rsaPair();
			const endpoint = await endpointAt(issuer);
			const send = async () => await post(endpoint.url, EVENT, bearer(tokenBy(pair, 'key-1')));
			const logged = instance.n8n.log.length;
			const startedAtMs = Date.now();
			expect(await send()).toMatchObject({ status: 500, body: { error: { code: 'not_configured' } } });
			expect(Date.now() - startedAtMs).toBeLessThan(15_000);
			expect(instance.n8n.log.slice(logged).join('\n')).toMatch(reason);
			expect(await instance.n8n.api.executions({ workflowId: endpoint.workflowId })).toEqual([]);
			issuer.publish({ 'key-1': pair });
			await until('the keys', async () => (await send()).status === 200);
			await issuer.stop();
		},
	);
});

describe('a signed request that is replayed', () => {
	it('after the deduplication window, within the tolerance of the credential, does not run again', async () => {
		const credentials = await instance.credential('hmac', { timestampTolerance: 3600 });
		const parameters = { options: { deduplicationWindow: 1 } };
		const endpoint = await instance.endpoint('hmac', { credentials, parameters });
		const recorded = signed(EVENT, HMAC_SECRET, Date.now() - 1_800_000);
		const send = async () => await post(endpoint.url, EVENT, recorded);
		expect(await send()).toMatchObject({ status: 200, body: { accepted: 1, duplicates: 0 } });
		await until('the event', () => instance.sink.from('events').length === 1);
		await new Promise((resolve) => setTimeout(resolve, 2_000));
		expect(await send()).toMatchObject({ status: 200, body: { accepted: 0, duplicates: 1 } });
	});
});

describe('the same event_id by another holder of a key', () => {
	it("is no repeat, and the same holder's is", async () => {
		const former = 'the-key-of-last-year-and-before';
		const endpoint = await endpointWith('apiKey', { previousApiKey: former, keyRotation: true });
		const body = '{"event_type":"order","event_id":"order-4711"}';
		for (const [key, accepted] of [
			[former, 1],
			[API_KEY, 1],
			[API_KEY, 0],
			[former, 0],
		] as const) {
			const answer = await post(endpoint.url, body, withKey(key));
			expect(answer).toMatchObject({ status: 200, body: { accepted, duplicates: 1 - accepted } });
		}
	});
});

describe("the credential's own test, as n8n's editor calls it", () => {
	it.each([
		['gameInsightsApiKeyApi', { apiKey: API_KEY }],
		['gameInsightsHmacApi', { secretKey: HMAC_SECRET }],
		['gameInsightsHmacApi', { scheme: 'discord', publicKey: 'ab'.repeat(32) }],
		['gameInsightsJwtApi', { keyType: 'secret', secret: JWT_SECRET }],
	])('is content with a good %s: %j', async (type, data) => {
		expect(await instance.testOf(type, data)).toEqual({ status: 'OK', message: 'Ready to verify requests' });
	});

	const rsa1024 = rsaPair(1024).publicKey.export({ type: 'spki', format: 'pem' });
	it.each([
		['gameInsightsApiKeyApi', { apiKey: '' }, /^The field "API Key" is empty/],
		['gameInsightsApiKeyApi', { apiKey: 'hunter2' }, /too short: .* Here is a good one, .*: [0-9a-f]{64}/],
		['gameInsightsHmacApi', { secretKey: '' }, /^Fill in "Secret Key"/],
		['gameInsightsHmacApi', { scheme: 'standardWebhooks', secretKey: 'whsec_A' }, /is not written in base64/],
		[
			'gameInsightsHmacApi',
			{ scheme: 'stripe', secretKey: 'whsec_abc\n' },
			/begins or ends with a space or line break/,
		],
		[
			'gameInsightsHmacApi',
			{ secretKey: 'hunter2', webhookUrl: 'http://127.0.0.1:9/', sending: true },
			/too short: .* Fewer than 8 let nobody in/,
		],
		[
			'gameInsightsHmacApi',
			{ secretKey: 'your-secret-key', webhookUrl: 'http://127.0.0.1:9/', sending: true },
			/should have at least 16/,
		],
		[
			'gameInsightsJwtApi',
			{ keyType: 'secret', secret: JWT_SECRET, issuer: ' , ' },
			/"Issuer" names nothing/,
		],
		['gameInsightsHmacApi', { secretKey: 'hunter2' }, /too short: .* Here is a good one, .*: [0-9a-f]{64}/],
		[
			'gameInsightsHmacApi',
			{ scheme: 'discord', publicKey: 'hunter2' },
			/"Public Key" is not an Ed25519 public key/,
		],
		['gameInsightsHmacApi', { scheme: 'square', secretKey: HMAC_SECRET }, /^Fill in "Notification URL"/],
		['gameInsightsHmacApi', { scheme: 'custom', secretKey: HMAC_SECRET }, /^Fill in "Signature Header"/],
		[
			'gameInsightsJwtApi',
			{ keyType: 'secret', secret: 'hunter2' },
			/too short: it has 7 characters and should have/,
		],
		['gameInsightsJwtApi', { keyType: 'publicKey', publicKey: 'rubbish' }, /holds no PEM: copy everything/],
		['gameInsightsJwtApi', { keyType: 'publicKey', publicKey: rsa1024 }, /has 1024 bits, which is too weak/],
		[
			'gameInsightsJwtApi',
			{ keyType: 'secret', secret: JWT_SECRET, algorithms: ['RS256'] },
			/"Algorithms" must hold/,
		],
		[
			'gameInsightsJwtApi',
			{ keyType: 'jwksUrl', jwksUrl: 'rubbish' },
			/must be an address that begins with https/,
		],
	])('says what to do about %s %j', async (type, data, message) => {
		if (generation === '1' && 'apiKey' in data && data.apiKey === '') {
			// n8n 1 does not save a credential whose mandatory field is empty.
			await expect(instance.testOf(type, data)).rejects.toThrow('is mandatory');
			return;
		}
		const told = await instance.testOf(type, data);
		expect(told).toEqual({ status: 'Error', message: expect.stringMatching(message) });
		expect(told.message).not.toMatch(/hunter2|rubbish/);
	});

	it('looks at the JWKS URL', async () => {
		const issuer = await Issuer.start();
		const test = async () =>
			await instance.testOf('gameInsightsJwtApi', {
				keyType: 'jwksUrl',
				jwksUrl: issuer.url,
				algorithms: ['RS256'],
			});
		const says = (words: string) => ({ status: 'Error', message: expect.stringContaining(words) });

		issuer.publish({ a: rsaPair(), b: rsaPair() });
		expect(await test()).toEqual({ status: 'OK', message: 'Ready to verify requests' });
		issuer.publish({ a: rsaPair(1024) });
		expect(await test()).toEqual(says('fewer than 2048 bits, which is too weak'));
		issuer.publish({ a: generateKeyPairSync('ed25519') });
		expect(await test()).toEqual(says('The JWKS holds no key that goes with RS256.'));
		issuer.answer = (response) => response.end('<html>');
		expect(await test()).toEqual(says('what is there is not a JSON Web Key Set'));
		issuer.answer = (response) => response.writeHead(503).end();
		expect(await test()).toEqual(says('it answers with status 503'));
		issuer.answer = (response) => response.writeHead(301, { location: '/' }).end();
		expect(await test()).toEqual(says('it redirects elsewhere (status 301)'));
		issuer.answer = () => undefined;
		expect(await test()).toEqual(says('No keys could be fetched from the JWKS URL: it '));
		await issuer.stop();
		expect(await test()).toEqual(says('ECONNREFUSED'));
	}, 30_000);
});

describe('the code for the sender that the panel shows', () => {
	it.each([
		['apiKey', { 'YOUR API KEY': API_KEY }],
		['hmac', { 'YOUR SECRET KEY': HMAC_SECRET }],
		['jwt', { 'YOUR SECRET': JWT_SECRET }],
	] as const)('for %s sends an event, filled in and run as it is', async (kind, secrets) => {
		const endpoint = await instance.endpoint(kind);
		const programs = { curl: ['bash', '-c'], node: [process.execPath, '-e'] };
		for (const [tool, [program = '', option = '']] of Object.entries(programs)) {
			let filledIn: string = SENDER_CODE[kind][tool as keyof typeof programs];
			filledIn = filledIn.replace('YOUR WEBHOOK URL', endpoint.url);
			for (const [blank, secret] of Object.entries(secrets)) filledIn = filledIn.replace(blank, secret);
			const item = await itemFrom(async () => {
				const { stdout } = await promisify(execFile)(program, [option, filledIn]);
				expect(stdout).toMatch(/^(200 )?\{"status":"accepted"/);
				return { status: 200 };
			});
			expect(item).toMatchObject({
				event_type: 'test',
				user_id: 'test_user',
				_delivery: { auth: { method: kind } },
			});
		}
	});
});

inFull(() => {
	it('a new key at an address lets in from a minute after the last fetch on, beside the old one', async () => {
		const { issuer, endpoint, first, second, fetchedAtMs } = rotating;
		const statusOf = async (pair: Pair, name: string) =>
			(await post(endpoint.url, EVENT, bearer(tokenBy(pair, name)))).status;
		await until('the new key', async () => (await statusOf(second, 'second')) === 200, 90_000);
		expect(Date.now() - fetchedAtMs).toBeGreaterThanOrEqual(60_000);
		expect(await statusOf(first, 'first')).toBe(200);
		expect(issuer.calls).toBe(2);
		await issuer.stop();
	}, 120_000);
});

it('no secret and no token is in the log', () => {
	const log = instance.n8n.log.join('\n');
	for (const secret of [API_KEY, HMAC_SECRET, JWT_SECRET, 'hunter2', '-of-last-year-', 'eyJ']) {
		expect(log).not.toContain(secret);
	}
});
