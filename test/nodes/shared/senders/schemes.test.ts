import { generateKeyPairSync } from 'crypto';
import type { Authentication } from '../../../../nodes/GameInsightsWebhook/intake/authenticate/authentication';
import { CUSTOM, SCHEMES } from '../../../../nodes/shared/senders/schemes';
import { buildSignatureVerifier } from '../../../../nodes/GameInsightsWebhook/intake/authenticate/signature';
import type { Refusal } from '../../../../nodes/shared/refusal';
import { ARRIVAL_MS, incomingRequest } from '../../../support/incomingRequest';
import { refusedBy } from '../../../support/refused';
import { senders, type Headers, type Sender } from '../../../support/senders';

const all = Object.entries(senders);
const withTimestamp = all.filter(([, { toleranceSeconds }]) => toleranceSeconds !== null);

/** Signatures made once a sender, by its own signer: each costs a process. */
const proofs = new Map<Sender, Headers>();
function proofOf(sender: Sender): Headers {
	const proof = proofs.get(sender) ?? sender.sign(sender.body, ARRIVAL_MS);
	proofs.set(sender, proof);
	return proof;
}

interface Changes {
	readonly proof?: Headers;
	readonly body?: string | Buffer;
	readonly receivedAtMs?: number;
	readonly credential?: Record<string, unknown>;
}

function receive(
	sender: Sender,
	{ proof = proofOf(sender), body = sender.body, receivedAtMs, credential }: Changes = {},
) {
	const data = { scheme: sender.scheme, ...sender.credential, ...credential };
	const request = incomingRequest({ headers: [...sender.otherHeaders, ...proof], body, receivedAtMs });
	return { request, authentication: buildSignatureVerifier(data).verify(request) };
}

async function expectRefused(sender: Sender, changes: Changes): Promise<Refusal> {
	const refusal = await refusedBy(() => receive(sender, changes));
	expect(refusal.code).toBe('unauthorized');
	expect(refusal.status).toBe(401);
	return refusal;
}

function eventOf({
	authentication: { translate },
	request,
}: {
	authentication: Authentication;
	request: Parameters<NonNullable<Authentication['translate']>>[0];
}): unknown {
	const source = translate?.(request) ?? null;
	return source === null ? null : JSON.parse(source.text);
}

/** Another secret or key of the same kind. */
function otherKey({ keyField, credential, scheme }: Sender): Record<string, string> {
	const key = credential[keyField] ?? '';
	if (keyField === 'secretKey')
		return { secretKey: key.slice(0, 9) + (key[9] === 'A' ? 'B' : 'A') + key.slice(10) };
	const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
	const bytes = Buffer.from(x, 'base64url');
	return { publicKey: scheme === 'discord' ? bytes.toString('hex') : `whpk_${bytes.toString('base64')}` };
}

describe('the senders', () => {
	it('are all tried here', () => {
		const tried = new Set(all.map(([, { scheme }]) => scheme));
		expect([...tried].sort()).toEqual([...SCHEMES.keys(), CUSTOM].sort());
	});
});

describe.each(all)('%s', (_, sender) => {
	it("is let in by a signature that somebody else's code made", () => {
		const { authentication } = receive(sender);
		expect(authentication.sender).toEqual({ method: 'hmac', keyId: 'current', claims: null });
		expect(authentication.deduplicationKey).toMatch(/^[\w-]{43}$/);
		expect(authentication.handshake).toBeNull();
	});

	it('has its message read as an event, the original under properties', () => {
		const expected = sender.event === null ? null : { ...sender.event, properties: JSON.parse(sender.body) };
		expect(eventOf(receive(sender))).toEqual(expected);
	});

	it('gives the same message the same deduplication key', () => {
		const [first, second] = [receive(sender), receive(sender)];
		expect(first.authentication.deduplicationKey).toBe(second.authentication.deduplicationKey);
	});

	it('is refused without a word of why when a byte of the body has changed', async () => {
		const bytes = Buffer.from(sender.body);
		for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
			const changed = Buffer.from(bytes);
			changed[at] = (changed[at] ?? 0) ^ 1;
			const refusal = await expectRefused(sender, { body: changed });
			expect(refusal.message).toBe('The credentials of this request are missing or wrong.');
		}
		await expectRefused(sender, { body: `${sender.body}\n` });
		await expectRefused(sender, { body: '' });
	});

	it.each(sender.proofHeaders)(
		'is refused when %s is missing, empty, doubled, or has a character changed anywhere',
		async (name) => {
			const proof = proofOf(sender);
			const others = proof.filter(([other]) => other !== name);
			const value = proof.find(([other]) => other === name)?.[1] ?? '';
			await expectRefused(sender, { proof: others });
			await expectRefused(sender, { proof: [...others, [name, '']] });
			await expectRefused(sender, { proof: [...others, [name, value], [name, value]] });
			await expectRefused(sender, { proof: [...others, [name, value], [name.toUpperCase(), 'x']] });
			await expectRefused(sender, { proof: [...others, [name, value.slice(0, -1)]] });
			for (let at = 0; at < value.length; at += 1) {
				const character = value[at] === '0' ? '1' : '0';
				const changed = value.slice(0, at) + character + value.slice(at + 1);
				await expectRefused(sender, { proof: [...others, [name, changed]] });
			}
		},
	);

	it('is refused when checked with another secret', async () => {
		await expectRefused(sender, { credential: otherKey(sender) });
	});

	it('is refused when it signs as any other sender does', async () => {
		for (const [, other] of all) {
			if (other.scheme !== sender.scheme) await expectRefused(sender, { proof: proofOf(other) });
		}
	});

	it('can be verified by nobody when its secret or key is missing', () => {
		const credential = { scheme: sender.scheme, ...sender.credential, [sender.keyField]: ' ' };
		expect(() => buildSignatureVerifier(credential)).toThrow(
			/^Fill in "(Secret Key|Signing Secret|Public Key|Secret Key" or "Public Key)"/,
		);
	});
});

describe.each(all.filter(([, { keyField }]) => keyField === 'secretKey'))('%s', (_, sender) => {
	it('is let in by its previous secret during a rotation, and says so', () => {
		const previousSecretKey = sender.credential.secretKey;
		const { authentication } = receive(sender, { credential: { ...otherKey(sender), previousSecretKey } });
		expect(authentication.sender.keyId).toBe('previous');
	});
});

describe.each(withTimestamp)('%s', (_, sender) => {
	const toleranceMs = (sender.toleranceSeconds ?? 0) * 1000;

	it('is let in up to its tolerance, in either direction, and not beyond', async () => {
		for (const direction of [1, -1]) {
			const edge = ARRIVAL_MS + direction * toleranceMs;
			expect(receive(sender, { receivedAtMs: edge }).authentication.sender.keyId).toBe('current');
			const { operatorMessage } = await expectRefused(sender, { receivedAtMs: edge + direction * 1001 });
			expect(operatorMessage).toMatch(direction > 0 ? / s old; / : / s ahead of the clock; /);
		}
	});

	it('is let in up to the tolerance that the credential sets', async () => {
		const credential = { timestampTolerance: 60 };
		expect(
			receive(sender, { credential, receivedAtMs: ARRIVAL_MS + 60_000 }).authentication.sender.keyId,
		).toBe('current');
		await expectRefused(sender, { credential, receivedAtMs: ARRIVAL_MS + 61_001 });
	});
});

describe.each(all.filter(([, { toleranceSeconds }]) => toleranceSeconds === null))('%s', (_, sender) => {
	it('signs no time, and is let in whenever it comes', () => {
		const late = receive(sender, { receivedAtMs: ARRIVAL_MS + 1e10, credential: { timestampTolerance: 1 } });
		expect(late.authentication.sender.keyId).toBe('current');
	});
});
