import { proveByDigest, proveByHmac } from '../../../../nodes/shared/credential/proof';
import { hmacElsewhere } from '../../../support/signersElsewhere';

const repeat = (byte: string, times: number) => Buffer.from(byte.repeat(times), 'hex');
const counting = Buffer.from(Array.from({ length: 25 }, (_, index) => index + 1));

/** RFC 4231, section 4: HMAC-SHA-256. Case 5, which cuts the result short, has a test of its own. */
const RFC_4231 = [
	[
		1,
		repeat('0b', 20),
		Buffer.from('Hi There'),
		'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
	],
	[
		2,
		Buffer.from('Jefe'),
		Buffer.from('what do ya want for nothing?'),
		'5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
	],
	[3, repeat('aa', 20), repeat('dd', 50), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
	[4, counting, repeat('cd', 50), '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b'],
	[
		6,
		repeat('aa', 131),
		Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'),
		'60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
	],
	[
		7,
		repeat('aa', 131),
		Buffer.from(
			'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
		),
		'9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
	],
] as const;

describe('an HMAC', () => {
	it.each(RFC_4231)('agrees with RFC 4231, test case %i', (_, key, data, mac) => {
		expect(proveByHmac('sha256', key)([data])(Buffer.from(mac, 'hex'))).toBe(true);
	});

	it('refuses RFC 4231, test case 5: right as far as it goes, but only half of it', () => {
		const isMadeWithKey = proveByHmac('sha256', repeat('0c', 20))([Buffer.from('Test With Truncation')]);
		expect(isMadeWithKey(Buffer.from('a3b6167473100ee06e0c796c2955552b', 'hex'))).toBe(false);
	});

	it('agrees with RFC 2202, HMAC-SHA-1 test case 2', () => {
		const mac = Buffer.from('effcdf6ae5eb2fa2d27416d5f184df9c259a7c79', 'hex');
		expect(proveByHmac('sha1', Buffer.from('Jefe'))([Buffer.from('what do ya want for nothing?')])(mac)).toBe(
			true,
		);
	});

	it.each(['sha384', 'sha512'] as const)('agrees with code that is not ours on %s', (hash) => {
		const key = Buffer.from('key');
		const mac = Buffer.from(hmacElsewhere({ hash, key, data: Buffer.from('data') }), 'hex');
		expect(proveByHmac(hash, key)([Buffer.from('data')])(mac)).toBe(true);
	});

	it('is the same however the content is cut into pieces', () => {
		const [, key, data, mac] = RFC_4231[5];
		const pieces = [data.subarray(0, 7).toString(), data.subarray(7, 8), data.subarray(8)];
		expect(proveByHmac('sha256', key)(pieces)(Buffer.from(mac, 'hex'))).toBe(true);
	});

	it('refuses a result that was cut short, and one bit that is wrong', () => {
		const [, key, data, mac] = RFC_4231[0];
		const isMadeWithKey = proveByHmac('sha256', key)([data]);
		const bytes = Buffer.from(mac, 'hex');
		expect(isMadeWithKey(bytes.subarray(0, 16))).toBe(false);
		expect(isMadeWithKey(Buffer.alloc(0))).toBe(false);
		bytes[31] = (bytes[31] ?? 0) ^ 1;
		expect(isMadeWithKey(bytes)).toBe(false);
	});
});

describe('a digest', () => {
	it('agrees with FIPS 180, "abc"', () => {
		const sha1 = Buffer.from('a9993e364706816aba3e25717850c26c9cd0d89d', 'hex');
		expect(proveByDigest('sha1')(['a', Buffer.from('bc')])(sha1)).toBe(true);
		expect(proveByDigest('sha1')(['a', Buffer.from('bd')])(sha1)).toBe(false);
	});
});
