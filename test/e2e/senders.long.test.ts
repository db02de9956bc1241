import { type Headers, post } from '../support/sender';
import { type Headers as Pairs, type Sender, senders } from '../support/senders';
import { type Endpoint, Instance, until } from './instance';

/** Paddle's own 5 s are too short for a busy machine; they are proven with a fake clock. */
const TOLERANCES: Readonly<Record<string, number>> = { Paddle: 120 };
/** What a refused sender reads, where it is not the usual 401. */
const XSOLLA = { error: { code: 'INVALID_SIGNATURE', message: 'Invalid signature' } };
const USUAL = {
	error: {
		code: 'unauthorized',
		message: 'The credentials of this request are missing or wrong.',
		errors: [],
	},
	request_id: expect.any(String),
};

let instance: Instance;
const endpoints = new Map<string, Endpoint>();
/** The right signatures that were sent. */
const sent = new Map<string, Pairs>();

beforeAll(async () => {
	// Some thousand refused requests: the newer engine would take 10 ms for each before our code is even
	// called.
	instance = await Instance.shared();
	for (const [name, sender] of Object.entries(senders)) {
		const credentials = await instance.credential('hmac', credentialOf(name, sender));
		endpoints.set(name, await instance.endpoint('hmac', { credentials }));
	}
}, 180_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

const all = Object.entries(senders);

function credentialOf(name: string, { scheme, credential }: Sender): object {
	return { secretKey: '', scheme, timestampTolerance: TOLERANCES[name] ?? 0, ...credential };
}

function senderOf(name: string): Sender {
	const sender = senders[name];
	if (sender === undefined) throw new Error(`There is no sender ${name}`);
	return sender;
}

function endpointOf(name: string): Endpoint {
	const endpoint = endpoints.get(name);
	if (endpoint === undefined) throw new Error(`There is no endpoint for ${name}`);
	return endpoint;
}

/** Headers as they go out: a name that comes twice is sent twice. */
function headersOf(pairs: Pairs): Headers {
	const headers: Record<string, string[]> = { 'content-type': ['application/json'] };
	for (const [name, value] of pairs) (headers[name.toLowerCase()] ??= []).push(value);
	return headers;
}

/** The same text with the character at a place replaced by another one of the same kind. */
function changedAt(text: string, place: number): string {
	return text.slice(0, place) + (text[place] === '1' ? '2' : '1') + text.slice(place + 1);
}

interface Attempt {
	readonly change: string;
	readonly headers: Headers;
	readonly body: string;
}

/** One signature of a right request, and everything that is wrong with one thing changed. */
function mutations(
	name: string,
	sender: Sender,
	proof: Pairs,
	proofs: ReadonlyMap<string, Pairs>,
): Attempt[] {
	const { body, otherHeaders } = sender;
	const nowMs = Date.now();
	const withProof = (change: string, changed: Pairs, changedBody = body): Attempt => ({
		change,
		headers: headersOf([...otherHeaders, ...changed]),
		body: changedBody,
	});
	const attempts = [
		withProof('no proof at all', []),
		withProof('a changed first byte of the body', proof, `[${body.slice(1)}`),
		withProof('a changed byte of the body', proof, changedAt(body, body.length - 3)),
		withProof('a byte more', proof, `${body}\n`),
		withProof('an empty body', proof, ''),
		withProof('another secret', sender.sign(body, nowMs, otherSecret(sender))),
	];
	for (const header of sender.proofHeaders) {
		const others = proof.filter(([other]) => other !== header);
		const value = proof.find(([other]) => other === header)?.[1] ?? '';
		const replaced = (change: string, ...values: string[]) =>
			withProof(`${header} ${change}`, [...others, ...values.map((one) => [header, one] as const)]);
		// In the middle: the last character of base64 has bits that stand for nothing.
		const places = new Set([0, value.length >> 1, Math.max(0, value.length - 3)]);
		attempts.push(
			replaced('missing'),
			replaced('empty', ''),
			replaced('doubled', value, value),
			replaced('doubled, right one first', value, changedAt(value, value.length >> 1)),
			replaced('doubled, right one last', changedAt(value, value.length >> 1), value),
			replaced('cut off', value.slice(0, -1)),
			...[...places].map((place) => replaced(`changed at ${place}`, changedAt(value, place))),
		);
	}
	const toleranceSeconds = TOLERANCES[name] ?? sender.toleranceSeconds;
	if (toleranceSeconds !== null) {
		const offMs = (toleranceSeconds + 60) * 1000;
		attempts.push(
			withProof('stale', sender.sign(body, nowMs - offMs)),
			withProof('from the future', sender.sign(body, nowMs + offMs)),
		);
	}
	for (const [other, otherProof] of proofs) {
		if (senderOf(other).scheme !== sender.scheme)
			attempts.push(withProof(`signed as ${other} does`, otherProof));
	}
	return attempts;
}

/** The headers that prove something; ids and timestamps stand beside them and may be spoken of. */
function signaturesIn(proof: Pairs): string[] {
	return proof
		.filter(([header, value]) => /sig|hmac|authorization/i.test(header) && value.length > 30)
		.map(([, value]) => value);
}

/** Another secret of the same kind. */
function otherSecret({ keyField, credential }: Sender): string {
	return keyField === 'publicKey' ? 'another seed' : changedAt(credential.secretKey ?? '', 12);
}

async function expectNothingStarted(name: string): Promise<void> {
	expect(await instance.n8n.api.executions({ workflowId: endpointOf(name).workflowId })).toEqual([]);
	expect(instance.sink.deliveries).toEqual([]);
}

async function expectRefused(name: string, { change, headers, body }: Attempt): Promise<void> {
	const { status, body: answered } = await post(endpointOf(name).url, body, headers);
	const isXsolla = name === 'Xsolla';
	expect({ change, status, answered }).toEqual({
		change,
		status: isXsolla ? 400 : 401,
		answered: isXsolla ? XSOLLA : USUAL,
	});
}

describe('through a real n8n', () => {
	/** A right signature of each sender, made by somebody else's code. */
	let proofs: Map<string, Pairs>;

	beforeAll(() => {
		proofs = new Map(all.map(([name, sender]) => [name, sender.sign(sender.body, Date.now())]));
	});

	it.each(all)(
		'%s is refused with anything changed, always in the same words and starting nothing; unchanged it arrives as an event, once',
		async (name, sender) => {
			const proof = sender.sign(sender.body, Date.now());
			expect(signaturesIn(proof)).toHaveLength(1);
			sent.set(name, proof);
			const attempts = mutations(name, sender, proof, proofs);
			expect(attempts.length).toBeGreaterThan(25);
			while (attempts.length > 0) {
				await Promise.all(attempts.splice(0, 8).map(async (attempt) => await expectRefused(name, attempt)));
			}
			await expectNothingStarted(name);

			// The very request that all the others were made from: so nothing else was wrong with them.
			const { url, workflowId } = endpointOf(name);
			const headers = headersOf([...sender.otherHeaders, ...proof]);
			const answer = await post(url, sender.body, headers);
			if (name === 'Discord')
				expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
			else
				expect(answer).toMatchObject({ status: 200, body: { status: 'accepted', received: 1, accepted: 1 } });
			await until('the event', () => instance.sink.from('events').length === 1);
			const [{ _delivery, ...event }] = instance.sink.from('events').flatMap(({ items }) => items);
			expect(event).toEqual(expectedEvent(sender, proof));
			expect(_delivery).toMatchObject({ auth: { method: 'hmac', key_id: 'current' } });
			for (const value of signaturesIn(proof))
				expect(JSON.stringify({ _delivery, event })).not.toContain(value);

			const replay = await post(url, sender.body, headers);
			if (name === 'Discord') expect(replay.status).toBe(204);
			else expect(replay).toMatchObject({ status: 200, body: { accepted: 0, duplicates: 1 } });
			expect(await instance.n8n.api.finishedExecutions(workflowId, 1)).toMatchObject([{ status: 'success' }]);
		},
	);
});

/** Fixed as it is in {@link senders}, but for Twitch, whose time is that of the request. */
function expectedEvent(sender: Sender, proof: Pairs): unknown {
	if (sender.event === null) return JSON.parse(sender.body);
	const timestamp = proof.find(([header]) => header === 'Twitch-Eventsub-Message-Timestamp')?.[1];
	return {
		...sender.event,
		...(timestamp === undefined ? {} : { timestamp }),
		properties: JSON.parse(sender.body),
	};
}

describe('a handshake', () => {
	it.each([
		['Slack', '{"token":"t","challenge":"3eZbrw1aBm2r","type":"url_verification"}', 200, '3eZbrw1aBm2r'],
		[
			'Twitch',
			'{"challenge":"pogchamp-kappa","subscription":{"id":"f1c2","type":"channel.follow","version":"1"}}',
			200,
			'pogchamp-kappa',
		],
		['Discord', '{"version":1,"application_id":"1","type":0}', 204, ''],
		[
			'Tebex',
			'{"id":"2c116b11-1110","type":"validation.webhook","date":"2026-01-15T11:59:58+00:00","subject":{}}',
			200,
			'{"id":"2c116b11-1110"}',
		],
	])(
		'of %s is answered only with a right signature, and starts nothing',
		async (name, body, status, text) => {
			const sender = senderOf(name);
			const before = (await instance.n8n.api.executions({ workflowId: endpointOf(name).workflowId })).length;
			const answer = await post(endpointOf(name).url, body, headersOf(sender.sign(body, Date.now())));
			expect({ status: answer.status, text: answer.text }).toEqual({ status, text });
			for (const proof of [[], sender.sign(`${body} `, Date.now())]) {
				await expectRefused(name, { change: 'unsigned', headers: headersOf(proof), body });
			}
			const { workflowId } = endpointOf(name);
			expect(await instance.n8n.api.executions({ workflowId })).toHaveLength(before);
			expect(instance.sink.deliveries).toEqual([]);
		},
	);
});

describe("the operator's log", () => {
	it('says which check failed', () => {
		const log = instance.n8n.log.join('\n');
		for (const reason of [
			'is missing or empty.',
			'came more than once.',
			'The signature does not match the body',
			'The signature header does not have the form that this sender uses.',
			"The timestamp can't be read",
			' s old; 300 s are tolerated',
			' s ahead of the clock; 300 s are tolerated',
		]) {
			expect(log).toContain(reason);
		}
	});

	it('holds no secret and no signature', () => {
		const log = instance.n8n.log.join('\n');
		for (const [name, sender] of all) {
			expect(log).not.toContain(sender.credential.secretKey ?? sender.credential.publicKey);
			for (const value of signaturesIn(sent.get(name) ?? [])) expect(log).not.toContain(value);
		}
	});
});
