import type { IncomingRequest } from '../receipt';
import { Refusal } from '../refusal';
import type { Authentication, FixedAnswer, LocalVerifier } from './authentication';
import { numberField, optionalSecretField, textField, type CredentialData } from './credentialField';
import { deduplicationKey } from './deduplicationKey';
import { readMessage, translate } from './foreignMessage';
import type { VerificationKey } from './proof';
import { findHeader, readHeader } from './requestHeader';
import type { Recipe, Scheme, SecretEncoding, SignatureForm } from './schemes/scheme';
import { readScheme } from './schemes/schemes';
import { adviseOnSecret, LEAST_SECRET_BYTES } from './secretStrength';
import { readSignatureBytes } from './signatureBytes';
import { readSignatureHeader, type SentSignature } from './signatureHeader';
import { readSignedContentTemplate, type SignedContent, type SignedContentTemplate } from './signedContent';
import { requireFresh } from './timestamp';
import { unauthorized } from './unauthorized';
import { UnusableCredential } from './unusableCredential';
import { readHash, readVerificationKeys } from './verificationKeys';

/** A recipe with the credential's keys: everything that can be worked out before a request comes. */
interface ReadyRecipe {
	readonly recipe: Recipe;
	readonly form: SignatureForm;
	readonly template: SignedContentTemplate;
	readonly keys: readonly VerificationKey[];
	readonly url: string;
}

type ReadyRecipes = readonly [ReadyRecipe, ...ReadyRecipe[]];

/** A signature that was found right. */
interface Match {
	readonly key: VerificationKey;
	readonly signature: Buffer;
	/** The signed message id; undefined where the recipe signs none. */
	readonly signedId: string | undefined;
}

/**
 * Checks the signature of a request by its sender's own recipe.
 * @throws UnusableCredential
 */
export function buildSignatureVerifier(data: CredentialData): LocalVerifier {
	const scheme = readScheme(data);
	const [first, ...others] = scheme.recipes;
	const recipes: ReadyRecipes = [makeReady(first, data), ...others.map((recipe) => makeReady(recipe, data))];
	const toleranceSeconds = readTolerance(scheme, data);

	const verify = (request: IncomingRequest): Authentication => {
		const { key, signature, signedId } = checkSignature(request, scheme, recipes, toleranceSeconds);
		return {
			sender: { method: 'hmac', keyId: key.keyId, claims: null },
			deduplicationKey:
				signedId === undefined
					? deduplicationKey('signature', signature)
					: deduplicationKey('message', signedId),
			...readForeign(request, scheme, signedId),
			...(scheme.busyStatus === undefined ? {} : { busyStatus: scheme.busyStatus }),
			...(scheme.waitsSeconds === undefined ? {} : { senderWaitsMs: scheme.waitsSeconds * 1_000 }),
		};
	};
	return { verify: inWordsOf(scheme, verify), advice: advise(scheme, data) };
}

function makeReady(recipe: Recipe, data: CredentialData): ReadyRecipe {
	const template = readSignedContentTemplate(recipe.signedContent);
	const url = textField(data, 'notificationUrl').trim();
	if (template.uses('url') && url === '') {
		throw new UnusableCredential('Fill in "Notification URL": the sender signs it together with the body.');
	}
	const keys = readVerificationKeys(recipe, data);
	return { recipe, form: fillPrefix(recipe.form, data), template, keys, url };
}

function fillPrefix(form: SignatureForm, data: CredentialData): SignatureForm {
	if (form.kind !== 'single') return form;
	return { ...form, prefix: form.prefix.replace('{hash}', readHash(data)) };
}

/** In seconds; a field that is empty or 0 leaves it to the sender's own rule. */
function readTolerance(scheme: Scheme, data: CredentialData): number {
	const chosen = numberField(data, 'timestampTolerance', {
		label: 'Timestamp Tolerance',
		fallback: 0,
		least: 0,
	});
	return chosen === 0 ? (scheme.timestamp?.toleranceSeconds ?? 0) : chosen;
}

/** @throws Refusal 401 */
function checkSignature(
	request: IncomingRequest,
	scheme: Scheme,
	recipes: ReadyRecipes,
	toleranceSeconds: number,
): Match {
	const { recipe, form, template, keys, url } = pickRecipe(request, recipes);
	const { headers } = recipe;
	const sent = readSignatureHeader(readHeader(request, headers.signature), form);
	const timestamp = headers.timestamp === undefined ? sent.timestamp : readHeader(request, headers.timestamp);
	if (scheme.timestamp !== null) {
		requireFresh(timestamp ?? '', scheme.timestamp.unit, toleranceSeconds, request.receivedAtMs);
	}
	const signedId = headers.id === undefined ? undefined : readHeader(request, headers.id);
	const parts = { timestamp: timestamp ?? '', id: signedId ?? '', body: request.body, url };
	const contentFor = ({ secret }: VerificationKey) => template.fill({ ...parts, secret });
	return { ...findMatch(keys, sent.signatures, recipe.encoding, contentFor), signedId };
}

function pickRecipe(request: IncomingRequest, recipes: ReadyRecipes): ReadyRecipe {
	const sent = recipes.find(({ recipe }) => findHeader(request, recipe.headers.signature) !== undefined);
	return sent ?? recipes[0];
}

/** @throws Refusal 401 when no signature was made with any of the keys. */
function findMatch(
	keys: readonly VerificationKey[],
	signatures: readonly SentSignature[],
	encoding: Recipe['encoding'],
	contentFor: (key: VerificationKey) => SignedContent,
): Pick<Match, 'key' | 'signature'> {
	let isAnyReadable = false;
	for (const key of keys) {
		const candidates = signatures
			.filter(({ version }) => version === key.version)
			.map(({ text }) => readSignatureBytes(text, encoding))
			.filter((bytes) => bytes !== undefined);
		if (candidates.length === 0) continue;
		isAnyReadable = true;
		const signature = candidates.find(key.prove(contentFor(key)));
		if (signature !== undefined) return { key, signature };
	}
	throw unauthorized(
		isAnyReadable
			? 'The signature does not match the body: another secret was used, or the request was changed on its way.'
			: 'The signature header does not have the form that this sender uses.',
	);
}

/** What the sender's own kind of message asks for, once the signature has proven that it is one. */
function readForeign(
	request: IncomingRequest,
	scheme: Scheme,
	signedId: string | undefined,
): Pick<Authentication, 'handshake' | 'acceptance' | 'translate'> {
	const { event, handshake } = scheme;
	const acceptance = scheme.acceptance ?? null;
	const message = event === undefined && handshake === undefined ? null : readMessage(request, signedId);
	if (message === null) return { handshake: null, acceptance, translate: null };
	const found = event?.(message) ?? null;
	return {
		handshake: handshake?.(message) ?? null,
		acceptance,
		translate: found === null ? null : () => translate(message, found),
	};
}

/** Lets a refusal speak as the sender expects it to. */
function inWordsOf(scheme: Scheme, verify: LocalVerifier['verify']): LocalVerifier['verify'] {
	const { refusal } = scheme;
	if (refusal === undefined) return verify;
	return (request) => {
		try {
			return verify(request);
		} catch (error) {
			throw answeredBy(refusal, error);
		}
	};
}

function answeredBy({ status, headers, body }: FixedAnswer, error: unknown): unknown {
	if (!(error instanceof Refusal)) return error;
	const { code, message, operatorMessage } = error;
	return new Refusal(status, code, message, { headers, operatorMessage, prescribedBody: body });
}

/** How many characters stand for a byte of the secret. */
const CHARACTERS_PER_BYTE: Readonly<Record<SecretEncoding, number>> = {
	utf8: 1,
	hex: 2,
	base64: 4 / 3,
	whsec: 4 / 3,
};

function advise(scheme: Scheme, data: CredentialData): string[] {
	if (!scheme.secretIsChosenByUser) return [];
	const [proof] = scheme.recipes[0].proofs;
	const encoding = proof.kind === 'hmac' ? proof.secretEncoding : 'utf8';
	const leastCharacters = Math.ceil(LEAST_SECRET_BYTES * CHARACTERS_PER_BYTE[encoding]);
	return SECRET_FIELDS.flatMap(([name, label]) => {
		const secret = optionalSecretField(data, name);
		return secret === undefined ? [] : adviseOnSecret(label, secret, leastCharacters);
	});
}

/** An old secret opens the door as wide as a new one. */
const SECRET_FIELDS = [
	['secretKey', 'Secret Key'],
	['previousSecretKey', 'Previous Secret Key'],
] as const;
