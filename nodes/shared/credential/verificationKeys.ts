import { optionalSecretField, plainField, textField, type CredentialData } from './credentialField';
import { proveByEd25519, readEd25519PublicKey } from './ed25519';
import { strip } from './invisible';
import { hmacBy, proveByDigest, proveByHmac, type VerificationKey } from './proof';
import { HASHES, type Hash, type Proof, type Recipe, type Scheme } from '../senders/scheme';
import { readSecret, signingSecretRule } from './secretStrength';
import { UnusableCredential } from './unusableCredential';

type SecretProof = Exclude<Proof, { kind: 'ed25519' }>;

/**
 * Every key that a signature by this recipe may have been made with, the current ones first.
 * @throws UnusableCredential when there is none, or one can't be read.
 */
export function readVerificationKeys(
	scheme: Scheme,
	recipe: Recipe,
	data: CredentialData,
): readonly VerificationKey[] {
	const keys = recipe.proofs.flatMap((proof) =>
		proof.kind === 'ed25519' ? publicKeys(proof, data) : secretKeys(proof, scheme, data),
	);
	if (!keys.some(({ keyId }) => keyId === 'current')) {
		const fields = new Set(
			recipe.proofs.map(({ kind }) => (kind === 'ed25519' ? '"Public Key"' : `"${secretLabelOf(scheme)}"`)),
		);
		throw new UnusableCredential(`Fill in ${[...fields].join(' or ')}: without it nothing can be verified.`);
	}
	return keys;
}

/**
 * The hash that the credential names.
 * @throws UnusableCredential when it is not one of the offered ones.
 */
export function readHash(data: CredentialData): Hash {
	const name = plainField(data, 'hmacAlgorithm', 'HMAC Algorithm') || 'sha256';
	const hash = HASHES.find((candidate) => candidate === name);
	if (hash === undefined)
		throw new UnusableCredential(`The HMAC algorithm must be one of ${HASHES.join(', ')}.`);
	return hash;
}

/** The name of the field for the secret. */
const secretLabelOf = ({ secretLabel = 'Secret Key' }: Scheme): string => secretLabel;

/** An old secret gives the same access as a new one, so both have to meet the same rule. */
const SECRET_FIELDS = [
	{ keyId: 'current', name: 'secretKey', label: 'Secret Key' },
	{ keyId: 'previous', name: 'previousSecretKey', label: 'Previous Secret Key' },
] as const;

function secretKeys(proof: SecretProof, scheme: Scheme, data: CredentialData): VerificationKey[] {
	return SECRET_FIELDS.flatMap(({ keyId, name, label: usual }) => {
		const label = keyId === 'current' ? secretLabelOf(scheme) : usual;
		const typed = optionalSecretField(data, name);
		if (typed === undefined) return [];
		const rule = signingSecretRule(proof, scheme.secretIsChosenByUser, label);
		const { text, bytes, advice: onSecret } = readSecret(typed, rule);
		const advice = [...adviseOnPrefix(typed, label, scheme), ...onSecret];
		const version = proof.version ?? null;
		if (proof.kind === 'digest')
			return [{ keyId, version, secret: text, advice, prove: proveByDigest(proof.hash) }];
		const hash = hashOf(proof, data);
		const key = { keyId, version, secret: '', advice };
		return [{ ...key, prove: proveByHmac(hash, bytes), hmac: hmacBy(hash, bytes) }];
	});
}

/** Advice for a secret that was copied from the wrong place: no signature can match it. */
function adviseOnPrefix(secret: string, label: string, { displayName, secretPrefix }: Scheme): string[] {
	if (secretPrefix === undefined || strip(secret).startsWith(secretPrefix)) return [];
	return [
		`The field "${label}" should begin with ${secretPrefix}: copy the signing secret of the webhook endpoint at ${displayName}, not an API key.`,
	];
}

function hashOf({ hash }: Extract<Proof, { kind: 'hmac' }>, data: CredentialData): Hash {
	return hash === 'chosen' ? readHash(data) : hash;
}

function publicKeys(proof: Extract<Proof, { kind: 'ed25519' }>, data: CredentialData): VerificationKey[] {
	const text = textField(data, 'publicKey');
	if (strip(text) === '') return [];
	const prove = proveByEd25519(readEd25519PublicKey(text, proof.publicKeyEncoding));
	return [{ keyId: 'current', version: proof.version ?? null, secret: '', advice: [], prove }];
}
