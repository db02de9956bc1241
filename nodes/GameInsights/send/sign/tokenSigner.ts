import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'crypto';
import { SignJWT } from 'jose';
import {
	headerNameField,
	listField,
	optionalSecretField,
	plainField,
	textField,
	type CredentialData,
} from '../../../shared/credential/credentialField';
import { findPemBlock } from '../../../shared/credential/publicKeyPem';
import { readSecret, tokenSecretRule } from '../../../shared/credential/secretStrength';
import {
	allowAlgorithms,
	areAlgorithmsChosen,
	fitAlgorithmsToKey,
	KEY_PAIR_ALGORITHMS,
	SECRET_ALGORITHMS,
} from '../../../shared/credential/tokenAlgorithms';
import { UnusableCredential } from '../../../shared/credential/unusableCredential';
import type { Signer } from './signer';
import { signingSecret } from './signingSecret';

/**
 * How long a token is valid. Each request has a new token, so it only has to allow for a slow request and for
 * the difference of two clocks.
 */
const LIFETIME_S = 300;
/** A key and the algorithm it signs with. */
interface SigningKey {
	readonly key: KeyObject;
	readonly algorithm: string;
}

/**
 * Makes a token (JWT, RFC 7519) for each request, with the issuer and the audience that the credential names.
 * @throws UnusableCredential
 */
export function buildTokenSigner(data: CredentialData): Signer {
	const headerName = headerNameField(data, 'headerName', 'Header Name', 'Authorization');
	const { key, algorithm } =
		textField(data, 'keyType') === 'secret' ? readSharedSecret(data) : readPrivateKey(data);
	const kid = plainField(data, 'keyId', 'Key ID');
	// If several issuers are accepted, the first one is used for sending.
	const [issuer = ''] = listField(data, 'issuer', 'Issuer');
	const audience = plainField(data, 'audience', 'Audience');
	requireOnly(data, ['iat', 'exp', issuer === '' ? '' : 'iss', audience === '' ? '' : 'aud']);
	const prefix = headerName === 'authorization' ? 'Bearer ' : '';

	return async (_, { nowMs }) => {
		const nowS = Math.floor(nowMs / 1_000);
		const token = new SignJWT()
			.setProtectedHeader({ alg: algorithm, typ: 'JWT', ...(kid === '' ? {} : { kid }) })
			.setIssuedAt(nowS)
			.setExpirationTime(nowS + LIFETIME_S);
		if (issuer !== '') token.setIssuer(issuer);
		if (audience !== '') token.setAudience(audience);
		return { [headerName]: `${prefix}${await token.sign(key)}` };
	};
}

/** @throws UnusableCredential when the trigger requires a claim that this token does not have. */
function requireOnly(data: CredentialData, claims: readonly string[]): void {
	const missing = listField(data, 'requiredClaims', 'Required Claims').find(
		(claim) => !claims.includes(claim),
	);
	if (missing === undefined) return;
	throw new UnusableCredential(
		`The field "Required Claims" asks for "${missing}", which tokens that this node signs don't have. To send, use a credential without it.`,
	);
}

function readSharedSecret(data: CredentialData): SigningKey {
	const allowed = allowAlgorithms(data.algorithms, Object.keys(SECRET_ALGORITHMS));
	const { bytes } = readSecret(
		signingSecret(data, 'secret', 'Secret'),
		tokenSecretRule(allowed, areAlgorithmsChosen(data.algorithms), 'Secret'),
	);
	// RFC 7518, section 3.2: a key at least as long as the hash. If the key is too short for all, the smallest
	// hash is used.
	const isLongEnough = (name: string): boolean => bytes.length * 8 >= (SECRET_ALGORITHMS[name] ?? 0);
	const algorithm = (allowed.find(isLongEnough) ?? allowed[0]) as string;
	return { key: createSecretKey(bytes), algorithm };
}

function readPrivateKey(data: CredentialData): SigningKey {
	const text = optionalSecretField(data, 'privateKey');
	if (text === undefined) {
		throw new UnusableCredential(
			'The field "Private Key" is empty, so nothing can be sent with this credential. Turn on Show Fields for Sending in the credential, and fill it in.',
		);
	}
	const block = findPemBlock(text);
	const key = block?.label.endsWith('PRIVATE KEY') === true ? parse(block.pem) : undefined;
	if (key === undefined) {
		throw new UnusableCredential(
			'The field "Private Key" can\'t be read: copy everything from "-----BEGIN PRIVATE KEY-----" to "-----END PRIVATE KEY-----", of a key without a passphrase.',
		);
	}
	const fitting = fitAlgorithmsToKey(
		allowAlgorithms(data.algorithms, KEY_PAIR_ALGORITHMS),
		createPublicKey(key),
	);
	return { key, algorithm: fitting[0] as string };
}

function parse(pem: string): KeyObject | undefined {
	try {
		return createPrivateKey(pem);
	} catch {
		return undefined;
	}
}
