import type { IncomingRequest } from '../receipt';
import type { Authentication, LocalVerifier } from './authentication';
import {
	addressField,
	numberField,
	textField,
	type CredentialData,
} from '../../../shared/credential/credentialField';
import { deduplicationKey } from './deduplicationKey';
import { readMessage, translate } from './foreignMessage';
import type { VerificationKey } from '../../../shared/credential/proof';
import { findHeader, readHeader } from './requestHeader';
import { adviseOnSignedContent } from '../../../shared/senders/custom';
import type { Recipe, Scheme, SignatureForm } from '../../../shared/senders/scheme';
import { CUSTOM, readScheme } from '../../../shared/senders/schemes';
import { readSignatureBytes } from './signatureBytes';
import { readSignatureHeader, type SentSignature } from './signatureHeader';
import {
	readSignedContentTemplate,
	type SignedContent,
	type SignedContentTemplate,
} from '../../../shared/credential/signedContent';
import { requireFresh } from './timestamp';
import { unauthorized } from './unauthorized';
import { UnusableCredential } from '../../../shared/credential/unusableCredential';
import { readHash, readVerificationKeys } from '../../../shared/credential/verificationKeys';

/** A recipe with the credential's keys, and everything that can be prepared before a request comes. */
interface ReadyRecipe {
	readonly recipe: Recipe;
	readonly form: SignatureForm;
	readonly template: SignedContentTemplate;
	readonly keys: readonly VerificationKey[];
	readonly url: string;
}

type ReadyRecipes = readonly [ReadyRecipe, ...ReadyRecipe[]];

/** A valid signature. */
interface Match {
	readonly key: VerificationKey;
	readonly signature: Buffer;
	/** The signed message id. Undefined when the recipe signs none. */
	readonly signedId: string | undefined;
}

/**
 * Checks the signature of a request by the recipe of its sender.
 * @throws UnusableCredential
 */
export function buildSignatureVerifier(data: CredentialData): LocalVerifier {
	const scheme = readScheme(data);
	const [first, ...others] = scheme.recipes;
	const recipes: ReadyRecipes = [
		makeReady(scheme, first, data),
		...others.map((recipe) => makeReady(scheme, recipe, data)),
	];
	const toleranceSeconds = readTolerance(scheme, data);
	const replayable =
		scheme.timestamp === null ? {} : { replayableForMs: 2_000 * toleranceSeconds + LAST_MOMENT_MS };

	const verify = (request: IncomingRequest): Authentication => {
		const { key, signature, signedId } = checkSignature(request, scheme, recipes, toleranceSeconds);
		return {
			sender: { method: 'hmac', keyId: key.keyId, claims: null },
			deduplicationKey:
				signedId === undefined
					? deduplicationKey('signature', signature)
					: deduplicationKey('message', signedId),
			...readForeign(request, scheme, signedId, key),
			...replayable,
			...(scheme.waitsSeconds === undefined ? {} : { senderWaitsMs: scheme.waitsSeconds * 1_000 }),
		};
	};
	const hasOwnFormat = scheme.event !== undefined;
	return { verify, answers: scheme, hasOwnFormat, advice: advise(recipes, data), ...replayable };
}

function makeReady(scheme: Scheme, recipe: Recipe, data: CredentialData): ReadyRecipe {
	const template = readSignedContentTemplate(recipe.signedContent);
	const url = template.uses('url') ? addressField(data, 'notificationUrl', 'Notification URL') : '';
	if (template.uses('url') && url === '') {
		throw new UnusableCredential('Fill in "Notification URL": the sender signs it together with the body.');
	}
	const keys = readVerificationKeys(scheme, recipe, data);
	return { recipe, form: fillPrefix(recipe.form, data), template, keys, url };
}

function fillPrefix(form: SignatureForm, data: CredentialData): SignatureForm {
	if (form.kind !== 'single' && form.kind !== 'list') return form;
	return { ...form, prefix: form.prefix.replace('{hash}', readHash(data)) };
}

/** A day, in seconds. Each event has to be remembered for twice as long. */
const LONGEST_TOLERANCE_S = 86_400;
/** A request that is exactly as old as allowed is accepted. */
const LAST_MOMENT_MS = 1;

/** In seconds. An empty field or 0 uses the sender's own rule. */
function readTolerance(scheme: Scheme, data: CredentialData): number {
	const chosen = numberField(data, 'timestampTolerance', {
		label: 'Timestamp Tolerance',
		fallback: 0,
		least: 0,
		most: LONGEST_TOLERANCE_S,
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
	const { body, target } = request;
	const pathEnd = target.includes('?') ? target.indexOf('?') : target.length;
	const [path, query] = [target.slice(0, pathEnd), target.slice(pathEnd + 1)];
	const parts = {
		...{ timestamp: timestamp ?? '', id: signedId ?? '', body, url, path, query },
		// The webhook accepts only this method.
		method: 'POST',
		header: (name: string) => readHeader(request, name),
	};
	const contentFor = ({ secret }: VerificationKey) => template.fill({ ...parts, secret });
	return { ...findMatch(keys, sent.signatures, recipe.encoding, contentFor), signedId };
}

function pickRecipe(request: IncomingRequest, recipes: ReadyRecipes): ReadyRecipe {
	if (recipes.length === 1) return recipes[0];
	const sent = recipes.find(({ recipe }) => findHeader(request, recipe.headers.signature) !== undefined);
	return sent ?? recipes[0];
}

/** @throws Refusal 401 when no signature matches any of the keys. */
function findMatch(
	keys: readonly VerificationKey[],
	signatures: readonly SentSignature[],
	encoding: Recipe['encoding'],
	contentFor: (key: VerificationKey) => SignedContent,
): Pick<Match, 'key' | 'signature'> {
	let isAnyReadable = false;
	for (const key of keys) {
		const candidates = readDifferent(signatures, key.version, encoding);
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

/** The readable signatures of a version, without repeats: checking one twice would give the same result. */
function readDifferent(
	signatures: readonly SentSignature[],
	version: string | null,
	encoding: Recipe['encoding'],
): Buffer[] {
	const different: Buffer[] = [];
	for (const { version: sentVersion, text } of signatures) {
		const bytes = sentVersion === version ? readSignatureBytes(text, encoding) : undefined;
		if (bytes !== undefined && !different.some((known) => known.equals(bytes))) different.push(bytes);
	}
	return different;
}

/** Reads what this sender's kind of message needs, after its signature was verified. */
function readForeign(
	request: IncomingRequest,
	scheme: Scheme,
	signedId: string | undefined,
	{ hmac }: VerificationKey,
): Pick<Authentication, 'handshake' | 'acceptance' | 'translate'> {
	const { event, handshake } = scheme;
	const acceptance = scheme.acceptance ?? null;
	const message =
		event === undefined && handshake === undefined ? null : readMessage(request, signedId, hmac);
	if (message === null) return { handshake: null, acceptance, translate: null };
	const found = event?.(message) ?? null;
	return {
		handshake: handshake?.(message) ?? null,
		acceptance,
		translate: found === null ? null : () => translate(message, found),
	};
}

/** Each advice is given once, although all recipes of a sender have the same secret. */
function advise(recipes: ReadyRecipes, data: CredentialData): string[] {
	const onSecrets = recipes.flatMap(({ keys }) => keys.flatMap(({ advice }) => advice));
	const onContent = textField(data, 'scheme') === CUSTOM ? adviseOnSignedContent(data) : [];
	return [...new Set([...onSecrets, ...onContent])];
}
