import { execFileSync } from 'node:child_process';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import jwt from 'jsonwebtoken';
import { withPrograms } from '../support/programs';
import { type Headers, post, signed, withKey } from '../support/sender';
import { hmacElsewhere } from '../support/signersElsewhere';
import { API_KEY, type Endpoint, HMAC_SECRET, Instance, JWT_SECRET, until } from './instance';

let instance: Instance;
let endpoints: Record<'apiKey' | 'hmac' | 'jwt', Endpoint>;

beforeAll(async () => {
	instance = await Instance.shared();
	endpoints = {
		apiKey: await instance.endpoint('apiKey'),
		hmac: await instance.endpoint('hmac'),
		jwt: await instance.endpoint('jwt'),
	};
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

const EVENT = '{"event_type": "test", "user_id": "test_user"}';
const itemsFrom = (output: 'events' | 'deadLetter') =>
	instance.sink.from(output).flatMap((delivery) => delivery.items);
const executionsOf = async (endpoint: Endpoint) =>
	await instance.n8n.api.executions({ workflowId: endpoint.workflowId });
const bearer = (token: string): Headers => ({
	'content-type': 'application/json',
	authorization: `Bearer ${token}`,
});

async function expectArrived(): Promise<Record<string, unknown>> {
	await until('the event', () => itemsFrom('events').length === 1);
	const [item] = itemsFrom('events');
	expect(item).toMatchObject({ event_type: 'test', user_id: 'test_user' });
	return item;
}

withPrograms(['curl'], "the format's own examples, sent by curl", () => {
	it('with an API key', async () => {
		const answered = execFileSync('curl', [
			'-s',
			'-X',
			'POST',
			endpoints.apiKey.url,
			'-H',
			`X-API-Key: ${API_KEY}`,
			'-H',
			'Content-Type: application/json',
			'-d',
			EVENT,
		]);
		expect(JSON.parse(answered.toString())).toMatchObject({ status: 'accepted', received: 1, accepted: 1 });
		const item = await expectArrived();
		expect(item._delivery).toMatchObject({ auth: { method: 'apiKey', key_id: 'current' } });
	});
});

withPrograms(['curl', 'openssl'], "the format's own examples, signed by openssl and sent by curl", () => {
	it('with a signature in milliseconds', async () => {
		const timestamp = String(Date.now());
		const printed = execFileSync('openssl', ['dgst', '-sha256', '-hmac', HMAC_SECRET], {
			input: `${timestamp}.${EVENT}`,
		});
		const signature = printed.toString().trim().split(' ').at(-1) ?? '';
		const answered = execFileSync('curl', [
			'-s',
			'-X',
			'POST',
			endpoints.hmac.url,
			'-H',
			'Content-Type: application/json',
			'-H',
			`X-Webhook-Timestamp: ${timestamp}`,
			'-H',
			`X-Webhook-Signature: sha256=${signature}`,
			'-d',
			EVENT,
		]);
		expect(JSON.parse(answered.toString())).toMatchObject({ status: 'accepted' });
		const item = await expectArrived();
		expect(item._delivery).toMatchObject({ auth: { method: 'hmac', key_id: 'current' } });
	});
});

withPrograms(['python3'], 'an event signed by Python', () => {
	it('arrives', async () => {
		const timestamp = String(Date.now());
		const program =
			'import hmac,hashlib,sys;print(hmac.new(sys.argv[1].encode(),sys.argv[2].encode(),hashlib.sha256).hexdigest())';
		const signature = execFileSync('python3', ['-c', program, HMAC_SECRET, `${timestamp}.${EVENT}`])
			.toString()
			.trim();
		const answer = await post(endpoints.hmac.url, EVENT, {
			'x-webhook-timestamp': timestamp,
			'x-webhook-signature': `sha256=${signature}`,
		});
		expect(answer.status).toBe(200);
		await expectArrived();
	});
});

describe('an event', () => {
	it('with an API key arrives', async () => {
		expect((await post(endpoints.apiKey.url, EVENT, withKey(API_KEY))).body).toMatchObject({
			...{ status: 'accepted', received: 1, accepted: 1 },
		});
		const item = await expectArrived();
		expect(item._delivery).toMatchObject({ auth: { method: 'apiKey', key_id: 'current' } });
	});

	it('with a signature made by code that is not ours arrives', async () => {
		const timestamp = String(Date.now());
		const data = Buffer.from(`${timestamp}.${EVENT}`);
		const mac = hmacElsewhere({ hash: 'sha256', key: Buffer.from(HMAC_SECRET), data });
		const answer = await post(endpoints.hmac.url, EVENT, {
			'x-webhook-timestamp': timestamp,
			'x-webhook-signature': `sha256=${mac}`,
		});
		expect(answer.status).toBe(200);
		const item = await expectArrived();
		expect(item._delivery).toMatchObject({ auth: { method: 'hmac', key_id: 'current' } });
	});

	it('with a token made by jsonwebtoken arrives', async () => {
		const token = jwt.sign({ sub: 'game-server-7' }, JWT_SECRET, { algorithm: 'HS256', expiresIn: 60 });
		expect((await post(endpoints.jwt.url, EVENT, bearer(token))).status).toBe(200);
		const item = await expectArrived();
		expect(item._delivery).toMatchObject({ auth: { method: 'jwt', claims: { sub: 'game-server-7' } } });
		expect(JSON.stringify(item)).not.toContain(token);
	});
});

it('a token signed with a private key is checked with the PEM public key', async () => {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
	const endpoint = await instance.endpoint('jwt', {
		credentials: await instance.credential('jwt', {
			keyType: 'publicKey',
			publicKey: pem,
			algorithms: ['ES256'],
		}),
	});
	const token = jwt.sign({ sub: 'a' }, privateKey, { algorithm: 'ES256' });
	expect((await post(endpoint.url, EVENT, bearer(token))).status).toBe(200);
	await expectArrived();
	// The public key is no secret: a token signed with it as if it were one must not pass.
	const [head, claims] = jwt.sign({ sub: 'a' }, 'x'.repeat(64), { algorithm: 'HS256' }).split('.');
	const signature = createHmac('sha256', pem).update(`${head}.${claims}`).digest('base64url');
	expect((await post(endpoint.url, EVENT, bearer(`${head}.${claims}.${signature}`))).status).toBe(401);
	await until('one execution', async () => (await executionsOf(endpoint)).length === 1);
});

describe('every form of a body, signed', () => {
	it.each([
		['one event', '{"event_type":"a"}', 'application/json', 1],
		['a batch', '{"events":[{"event_type":"a"},{"event_type":"b"}]}', 'application/json', 2],
		['a bare list', '[{"event_type":"a"},{"event_type":"b"}]', 'application/json', 2],
		['NDJSON', '{"event_type":"a"}\n{"event_type":"b"}\n', 'application/x-ndjson', 2],
	])('%s, plain and gzipped', async (_, body, contentType, count) => {
		for (const isGzipped of [false, true]) {
			instance.sink.reset();
			const answer = await post(endpoints.hmac.url, isGzipped ? gzipSync(body) : body, {
				'content-type': contentType,
				...(isGzipped ? { 'content-encoding': 'gzip' } : {}),
				...signed(body, HMAC_SECRET, Date.now() + (isGzipped ? 1 : 0)),
			});
			expect(answer).toMatchObject({ status: 200, body: { received: count, accepted: count } });
			await until('the events', () => itemsFrom('events').length === count);
		}
	});
});

describe('nobody unauthenticated starts an execution', () => {
	const now = Date.now();
	const forged: Array<[string, 'apiKey' | 'hmac' | 'jwt', Headers]> = [
		['no key', 'apiKey', {}],
		['an empty key', 'apiKey', { 'x-api-key': '' }],
		['a wrong key', 'apiKey', { 'x-api-key': 'wrong' }],
		['a key with something behind it', 'apiKey', { 'x-api-key': `${API_KEY}x` }],
		['no signature', 'hmac', {}],
		[
			'a signature without its timestamp',
			'hmac',
			{ 'x-webhook-signature': signed(EVENT, HMAC_SECRET)['x-webhook-signature'] as string },
		],
		['a signature with another secret', 'hmac', signed(EVENT, 'another secret')],
		['a signature of another body', 'hmac', signed('{}', HMAC_SECRET)],
		['a stale signature', 'hmac', signed(EVENT, HMAC_SECRET, now - 301_000)],
		['a signature from the future', 'hmac', signed(EVENT, HMAC_SECRET, now + 400_000)],
		['a timestamp in seconds', 'hmac', signed(EVENT, HMAC_SECRET, Math.floor(now / 1000))],
		['no token', 'jwt', { 'content-type': 'application/json' }],
		['rubbish for a token', 'jwt', bearer('rubbish')],
		['a token with another secret', 'jwt', bearer(jwt.sign({}, 'x'.repeat(40)))],
		['an expired token', 'jwt', bearer(jwt.sign({ exp: Math.floor(now / 1000) - 3600 }, JWT_SECRET))],
		['an unsigned token', 'jwt', bearer(jwt.sign({}, '', { algorithm: 'none' }))],
		['a token of another algorithm', 'jwt', bearer(jwt.sign({}, JWT_SECRET, { algorithm: 'HS512' }))],
	];

	it.each(forged)('%s: 401, always in the same words', async (_, kind, headers) => {
		const before = (await executionsOf(endpoints[kind])).length;
		const answer = await post(endpoints[kind].url, EVENT, headers);
		expect(answer.status).toBe(401);
		const { request_id, ...body } = answer.body;
		expect(request_id).toEqual(expect.any(String));
		const reference = await post(endpoints[kind].url, EVENT, {});
		const { request_id: otherId, ...otherBody } = reference.body;
		expect(otherId).not.toBe(request_id);
		expect(body).toEqual(otherBody);
		expect((await executionsOf(endpoints[kind])).length).toBe(before);
		expect(instance.sink.deliveries).toHaveLength(0);
		if (kind === 'jwt') expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
	});

	it('unreadable bodies of strangers leave no dead letter', async () => {
		for (const body of ['[', '', 'null', '{}']) {
			expect((await post(endpoints.apiKey.url, body, withKey('wrong'))).status).toBe(401);
		}
		expect(instance.sink.deliveries).toHaveLength(0);
	});

	it('a replayed request is acknowledged and not run again', async () => {
		const headers = signed(EVENT, HMAC_SECRET);
		expect((await post(endpoints.hmac.url, EVENT, headers)).body).toMatchObject({
			accepted: 1,
			duplicates: 0,
		});
		expect(await post(endpoints.hmac.url, EVENT, headers)).toMatchObject({
			status: 200,
			body: { accepted: 0, duplicates: 1 },
		});
		await until('the event', () => itemsFrom('events').length === 1);
	});
});

describe('a credential that can verify nobody', () => {
	it.each([
		['a blank key', 'apiKey', { apiKey: ' ' }],
		['an empty secret', 'hmac', { secretKey: '' }],
		[
			'a broken PEM',
			'jwt',
			{
				keyType: 'publicKey',
				publicKey: '-----BEGIN PUBLIC KEY-----\nrubbish\n-----END PUBLIC KEY-----',
				algorithms: ['RS256'],
			},
		],
		['an algorithm that does not fit the key', 'jwt', { keyType: 'secret', algorithms: ['RS256'] }],
	] as const)('%s: 500 for everybody, and no execution', async (_, kind, data) => {
		const endpoint = await instance.endpoint(kind, { credentials: await instance.credential(kind, data) });
		const answer = await post(endpoint.url, EVENT, {
			...withKey(''),
			...signed(EVENT, ''),
			authorization: `Bearer ${jwt.sign({}, JWT_SECRET)}`,
		});
		expect(answer).toMatchObject({ status: 500, body: { error: { code: 'not_configured' } } });
		expect(await executionsOf(endpoint)).toHaveLength(0);
	});
});

it('no secret is in the log', () => {
	const log = instance.n8n.log.join('\n');
	for (const secret of [API_KEY, HMAC_SECRET, JWT_SECRET]) expect(log).not.toContain(secret);
	expect(log).not.toContain('could not be started');
});
