import { createPublicKey, generateKeyPairSync, sign, verify } from 'crypto';
import {
	isOfSmallOrder,
	proveByEd25519,
	readEd25519PublicKey,
} from '../../../../nodes/shared/credential/ed25519';
import { UnusableCredential } from '../../../../nodes/shared/credential/unusableCredential';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const bytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
const hex = bytes.toString('hex');
const base64 = bytes.toString('base64');

it.each([
	['hex', hex],
	['hex', ` ${hex.toUpperCase()}\n`],
	['whpk', base64],
	['whpk', `whpk_${base64}`],
	['whpk', `\twhpk_${base64} `],
] as const)('a public key in %s is read as senders show it: %j', (encoding, text) => {
	expect(readEd25519PublicKey(text, encoding).equals(publicKey)).toBe(true);
});

it.each([
	['hex', hex.slice(2), '64 hexadecimal characters'],
	['hex', '', '64 hexadecimal characters'],
	['whpk', base64.slice(4), 'base64 of 32 bytes, usually after "whpk_"'],
	['whpk', `key whpk_${base64}`, 'base64 of 32 bytes, usually after "whpk_"'],
] as const)('what is no public key in %s is told so: %j', (encoding, text, form) => {
	expect(() => readEd25519PublicKey(text, encoding)).toThrow(
		new UnusableCredential(`The field "Public Key" is not an Ed25519 public key (expected: ${form}).`),
	);
});

it('a signature over text and bytes is right for them in this order alone', () => {
	const body = Buffer.from([0, 255, 10]);
	const signature = sign(null, Buffer.concat([Buffer.from('1700000000.'), body]), privateKey);
	const prove = proveByEd25519(publicKey);
	expect(prove(['1700000000.', body])(signature)).toBe(true);
	expect(prove([body, '1700000000.'])(signature)).toBe(false);
	expect(prove(['1700000001.', body])(signature)).toBe(false);
});

describe('a public key of small order', () => {
	const key = Buffer.from(`01${'00'.repeat(31)}`, 'hex');

	it('would take a signature that nobody made, for every message', () => {
		const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
		const neutral = createPublicKey({ key: spki, format: 'der', type: 'spki' });
		const made = Buffer.concat([key, Buffer.alloc(32)]);
		expect(verify(null, Buffer.from('let me in'), neutral, made)).toBe(true);
		expect(isOfSmallOrder(key)).toBe(true);
	});

	/**
	 * The curve of RFC 8032, section 5.1: a point's eightfold is the neutral point where its order is small.
	 */
	const P = 2n ** 255n - 19n;
	const mod = (value: bigint) => ((value % P) + P) % P;
	const power = (base: bigint, exponent: bigint): bigint => {
		let result = 1n;
		for (let [b, e] = [mod(base), exponent]; e > 0n; b = mod(b * b), e >>= 1n)
			if (e & 1n) result = mod(result * b);
		return result;
	};
	const D = mod(-121_665n * power(121_666n, P - 2n));
	const double = ([x, y]: [bigint, bigint]): [bigint, bigint] => {
		const k = mod(D * x * x * y * y);
		return [mod(2n * x * y * power(1n + k, P - 2n)), mod((y * y + x * x) * power(1n - k, P - 2n))];
	};
	const pointOf = (hex: string): [bigint, bigint] => {
		const number = BigInt(`0x${Buffer.from(hex, 'hex').reverse().toString('hex')}`);
		const y = mod(number & (2n ** 255n - 1n));
		const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
		const root = power(square, (P + 3n) / 8n);
		const x = mod(root * root) === square ? root : mod(root * power(2n, (P - 1n) / 4n));
		expect(mod(x * x)).toBe(square);
		return [x, y];
	};
	const isSmall = (hex: string): boolean => {
		const [x, y] = double(double(double(pointOf(hex))));
		return x === 0n && y === 1n;
	};

	it.each([
		'00'.repeat(32),
		`01${'00'.repeat(31)}`,
		'26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
		'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
		`ec${'ff'.repeat(30)}7f`,
		`ed${'ff'.repeat(30)}7f`,
		`ee${'ff'.repeat(30)}7f`,
	])('is known by its bytes, with either sign: %s', (hex) => {
		const withSign = Buffer.from(hex, 'hex');
		withSign[31] = (withSign[31] ?? 0) | 0x80;
		expect(isSmall(hex)).toBe(true);
		expect([isOfSmallOrder(Buffer.from(hex, 'hex')), isOfSmallOrder(withSign)]).toEqual([true, true]);
	});

	it('is none that belongs to a private key', () => {
		expect(isSmall(hex)).toBe(false);
		expect(isOfSmallOrder(bytes)).toBe(false);
	});
});
