import { generateKeyPairSync } from 'crypto';
import {
	allowAlgorithms,
	fitAlgorithmsToKey,
	KEY_PAIR_ALGORITHMS,
	SECRET_ALGORITHMS,
} from '../../../../nodes/shared/credential/tokenAlgorithms';

const known = ['RS256', 'ES256'];

describe('the algorithms a token may use', () => {
	it('for secrets and for key pairs have none in common', () => {
		expect(KEY_PAIR_ALGORITHMS.filter((name) => name in SECRET_ALGORITHMS)).toEqual([]);
		expect(
			[...KEY_PAIR_ALGORITHMS, ...Object.keys(SECRET_ALGORITHMS)].map((name) => name.toLowerCase()),
		).not.toContain('none');
	});

	it.each([
		['all known ones when the field is not there', undefined, ['RS256', 'ES256']],
		['all known ones when the field is null', null, ['RS256', 'ES256']],
		['all known ones when the field is empty', '', ['RS256', 'ES256']],
		['all known ones when nothing is chosen', [], ['RS256', 'ES256']],
		['the chosen ones', ['ES256'], ['ES256']],
		['each chosen one once', ['ES256', 'ES256'], ['ES256']],
		['names parted by commas', 'ES256, RS256', ['RS256', 'ES256']],
	])('are %s', (_, chosen, expected) => {
		expect(allowAlgorithms(chosen, known)).toEqual(expected);
	});

	it.each([['none'], [['none']], [['RS256', 'HS256']], [['rs256']], [42], [{}], [[['RS256']]], [[null]]])(
		'are never made of %j',
		(chosen) => {
			expect(() => allowAlgorithms(chosen, known)).toThrow(/must hold one or more of RS256, ES256/);
		},
	);

	it.each([
		[
			'an RSA key',
			generateKeyPairSync('rsa', { modulusLength: 2048 }),
			['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
		],
		['a P-256 key', generateKeyPairSync('ec', { namedCurve: 'P-256' }), ['ES256']],
		['a P-384 key', generateKeyPairSync('ec', { namedCurve: 'P-384' }), ['ES384']],
		['a P-521 key', generateKeyPairSync('ec', { namedCurve: 'P-521' }), ['ES512']],
		['an Ed25519 key', generateKeyPairSync('ed25519'), ['EdDSA', 'Ed25519']],
	])('with %s are those it can sign with', (_, { publicKey }, fitting) => {
		expect(fitAlgorithmsToKey(KEY_PAIR_ALGORITHMS, publicKey)).toEqual(fitting);
	});

	it('are told apart when the key does not go with them', () => {
		const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
		expect(() => fitAlgorithmsToKey(['RS256'], publicKey)).toThrow(
			'The public key is an elliptic-curve key (prime256v1) and goes with ES256; the field "Algorithms" allows only RS256.',
		);
	});

	it.each([
		[
			'a curve of other uses',
			generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
			/which no token algorithm uses/,
		],
		[
			'a key for agreement',
			generateKeyPairSync('x25519'),
			/of the kind "x25519", which no token algorithm uses/,
		],
		[
			'an RSA key of 1024 bits',
			generateKeyPairSync('rsa', { modulusLength: 1024 }),
			/1024 bits, which is too weak; it needs at least 2048/,
		],
	])('do not exist for %s', (_, { publicKey }, reason) => {
		expect(() => fitAlgorithmsToKey(KEY_PAIR_ALGORITHMS, publicKey)).toThrow(reason);
	});
});
