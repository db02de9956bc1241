import { SignJWT } from 'jose';
import { daysToTell, expiryInWords, keyExpiryMs } from '../../../../nodes/shared/credential/keyExpiry';

const END_MS = Date.parse('2026-12-28T06:00:00Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('when a key of n8n ends', () => {
	const signed = async (payload: object) =>
		await new SignJWT({ sub: 'user', iss: 'n8n', aud: 'public-api', ...payload })
			.setProtectedHeader({ alg: 'HS256' })
			.sign(Buffer.from('any secret: it is not verified'));

	it('is what its exp says', async () => {
		expect(keyExpiryMs(await signed({ exp: END_MS / 1_000 }))).toBe(END_MS);
		expect(keyExpiryMs(await signed({}))).toBeNull();
	});

	it.each([
		'',
		'wrong',
		'a.b.c',
		`x.${Buffer.from('{"exp":"tomorrow"}').toString('base64url')}.x`,
		`x.${Buffer.from('{"exp":1e300}').toString('base64url')}.x`,
		`x.${Buffer.from('[]').toString('base64url')}.x`,
	])('is not known of "%s"', (key) => {
		expect(keyExpiryMs(key)).toBeNull();
	});
});

it.each([
	[7 * DAY_MS + 1, null],
	[7 * DAY_MS, 7],
	[DAY_MS + 1, 7],
	[DAY_MS, 1],
	[0, 1],
	[-DAY_MS, 1],
])('%d ms ahead it is told as %s days ahead', (leftMs, days) => {
	expect(daysToTell(END_MS, END_MS - leftMs)).toBe(days);
});

it.each([
	[30 * DAY_MS, 'expires on 2026-12-28, in 30 days'],
	[2 * DAY_MS, 'expires on 2026-12-28, in 2 days'],
	[26 * HOUR_MS, 'expires on 2026-12-28, in 26 hours'],
	[HOUR_MS, 'expires on 2026-12-28, in 1 hour'],
	[60_000, 'expires on 2026-12-28, in less than an hour'],
	[0, 'has expired on 2026-12-28'],
])('%d ms ahead it %s', (leftMs, words) => {
	expect(expiryInWords(END_MS, END_MS - leftMs)).toBe(words);
});
