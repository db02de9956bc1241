import { optionalSecretField, textField, type CredentialData } from './credentialField';
import { proveByEd25519, readEd25519PublicKey } from './ed25519';
import { readKeyBytes } from './keyBytes';
import { proveByDigest, proveByHmac, type VerificationKey } from './proof';
import { HASHES, type Hash, type Proof, type Recipe } from './schemes/scheme';
import { UnusableCredential } from './unusableCredential';

type SecretProof = Exclude<Proof, { kind: 'ed25519' }>;

/**
 * Every key that a sender's signature by this recipe may have been made with, the current ones first.
 * @throws UnusableCredential when there is none, or one can't be read.
 */
export function readVerificationKeys(recipe: Recipe, data: CredentialData): readonly VerificationKey[] {
	const keys = recipe.proofs.flatMap((proof) =>
		proof.kind === 'ed25519' ? publicKeys(proof, data) : secretKeys(proof, data),
	);
	if (!keys.some(({ keyId }) => keyId === 'current')) {
		const fields = new Set(
			recipe.proofs.map(({ kind }) => (kind === 'ed25519' ? '"Public Key"' : '"Secret Key"')),
		);
		throw new UnusableCredential(`Fill in ${[...fields].join(' or ')}: without it nothing can be verified.`);
	}
	return keys;
}

/**
 * The hash the credential names.
 * @throws UnusableCredential when it is none of those on offer.
 */
export function readHash(data: CredentialData): Hash {
	const name = textField(data, 'hmacAlgorithm') || 'sha256';
	const hash = HASHES.find((candidate) => candidate === name);
	if (hash === undefined)
		throw new UnusableCredential(`The HMAC algorithm must be one of ${HASHES.join(', ')}.`);
	return hash;
}

function secretKeys(proof: SecretProof, data: CredentialData): VerificationKey[] {
	const current = optionalSecretField(data, 'secretKey');
	const previous = optionalSecretField(data, 'previousSecretKey');
	const keys: VerificationKey[] = [];
	if (current !== undefined) keys.push(secretKey(proof, 'current', current, 'Secret Key', data));
	if (previous !== undefined) keys.push(secretKey(proof, 'previous', previous, 'Previous Secret Key', data));
	return keys;
}

function secretKey(
	proof: SecretProof,
	keyId: VerificationKey['keyId'],
	secret: string,
	label: string,
	data: CredentialData,
): VerificationKey {
	const version = proof.version ?? null;
	if (proof.kind === 'digest') return { keyId, version, secret, prove: proveByDigest(proof.hash) };
	const hash = proof.hash === 'chosen' ? readHash(data) : proof.hash;
	return {
		keyId,
		version,
		secret: '',
		prove: proveByHmac(hash, readKeyBytes(secret, proof.secretEncoding, label)),
	};
}

function publicKeys(proof: Extract<Proof, { kind: 'ed25519' }>, data: CredentialData): VerificationKey[] {
	const text = textField(data, 'publicKey');
	if (text.trim() === '') return [];
	const prove = proveByEd25519(readEd25519PublicKey(text, proof.publicKeyEncoding));
	return [{ keyId: 'current', version: proof.version ?? null, secret: '', prove }];
}
