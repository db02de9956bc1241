import { hidesCharacters, seenCharacters, strip } from './invisible';
import { readKeyBytes } from './keyBytes';
import type { Proof, SecretEncoding } from '../senders/scheme';
import { SECRET_ALGORITHMS } from './tokenAlgorithms';
import { UnusableCredential } from './unusableCredential';

/**
 * The rule for the strength of a secret, the same for verifying and for signing. The key itself is checked:
 * after decoding, and without invisible characters.
 */
export interface SecretRule {
	/** The field's name in the form. */
	readonly label: string;
	readonly encoding: SecretEncoding;
	/** The unit for the length of a text. Decoded secrets are always counted in bytes. */
	readonly countsIn: 'characters' | 'bytes';
	/** A shorter secret is not accepted. */
	readonly least: number;
	/** A shorter secret works, but its owner gets advice. */
	readonly good: number;
	/**
	 * Completes "too short": the purpose, beginning with a space. Empty when it is too short for any purpose.
	 */
	readonly purpose: string;
}

/** A secret that may be used. */
export interface ReadSecret {
	/** As it was typed. A space may be part of it. */
	readonly text: string;
	/** The bytes of the key. */
	readonly bytes: Buffer;
	/** Advice for its owner. Never contains a part of the secret. */
	readonly advice: readonly string[];
}

/** An attacker who may send requests could try all shorter secrets. */
const LEAST_CHOSEN = 8;
/** The 128 bits that NIST SP 800-131A requires for a key. */
const GOOD_CHOSEN = 16;
/**
 * 24 to 64 bytes: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md, "Signature
 * scheme".
 */
const LEAST_STANDARD_WEBHOOKS = 24;
/** A token shows its own signature. So a secret below 128 bits can be found by calculation. */
const LEAST_TOKEN_BYTES = 16;

/** The rule for an API key. */
export function apiKeyRule(label: string): SecretRule {
	return chosenRule(label, 'utf8');
}

/**
 * The rule for a secret that signs requests.
 * @param isChosenByUser Whether its owner chooses it. The length of a secret that a sender generates is
 * decided by that sender.
 */
export function signingSecretRule(proof: Proof, isChosenByUser: boolean, label: string): SecretRule {
	const encoding = proof.kind === 'hmac' ? proof.secretEncoding : 'utf8';
	const rule = chosenRule(label, encoding);
	if (encoding === 'whsec') return { ...rule, least: LEAST_STANDARD_WEBHOOKS, good: LEAST_STANDARD_WEBHOOKS };
	return isChosenByUser ? rule : { ...rule, least: 1, good: 1 };
}

/**
 * The rule for a secret that signs tokens: RFC 7518, section 3.2, requires as many bits as the hash has.
 * @param algorithms The algorithms that a token may use.
 * @param areChosen Whether the owner chose them. Then the secret has to be long enough for each of them, else
 * for one of them.
 */
export function tokenSecretRule(
	algorithms: readonly string[],
	areChosen: boolean,
	label: string,
): SecretRule {
	const bits = algorithms.map((algorithm) => SECRET_ALGORITHMS[algorithm] ?? 0);
	return {
		label,
		encoding: 'utf8',
		countsIn: 'bytes',
		least: LEAST_TOKEN_BYTES,
		good: (areChosen ? Math.max(...bits) : Math.min(...bits)) / 8,
		purpose: ` for ${algorithms.join(', ')}`,
	};
}

/**
 * Reads a secret and checks its strength.
 * @throws UnusableCredential when it is not in its encoding, or so short that it would give no protection.
 */
export function readSecret(text: string, rule: SecretRule): ReadSecret {
	const { label, encoding, least, good, purpose } = rule;
	const bytes = readKeyBytes(text, encoding, label);
	const has = count(text, bytes, rule);
	const short = `The field "${label}" is too short: it ${inWords(has, rule)} and should have at least ${written(good, rule)}.`;
	if (has < least) {
		const fewer = `Fewer than ${written(least, rule)} ${purpose === '' ? '' : `are too short${purpose} and `}let nobody in.`;
		throw new UnusableCredential(`${short} ${fewer} ${howToMake(encoding)}`);
	}
	const advice: string[] = [];
	if (has < good) advice.push(`${short} ${howToMake(encoding)}`);
	if (strip(text) !== text) {
		advice.push(
			`The field "${label}" begins or ends with a space or line break, or another character that nobody sees, which is often a slip of copying. Remove it, unless the sender has it, too.`,
		);
	} else if (hidesCharacters(text)) {
		advice.push(
			`The field "${label}" holds a character that nobody sees, which is often a slip of copying. Type it anew, unless the sender has it, too.`,
		);
	}
	return { text, bytes, advice };
}

function chosenRule(label: string, encoding: SecretEncoding): SecretRule {
	return { label, encoding, countsIn: 'characters', least: LEAST_CHOSEN, good: GOOD_CHOSEN, purpose: '' };
}

function count(text: string, bytes: Buffer, { encoding, countsIn }: SecretRule): number {
	if (encoding !== 'utf8') return bytes.length;
	const seen = seenCharacters(text);
	return countsIn === 'bytes' ? Buffer.byteLength(seen) : Array.from(seen).length;
}

/** How many characters of the field are needed for a byte of the key. */
const CHARACTERS_PER_BYTE: Readonly<Record<SecretEncoding, number>> = {
	utf8: 1,
	hex: 2,
	base64: 4 / 3,
	whsec: 4 / 3,
};

/** The length in characters of the field, without base64 padding: the length that its owner sees. */
function written(bytes: number, { encoding }: SecretRule): number {
	return Math.ceil(bytes * CHARACTERS_PER_BYTE[encoding]);
}

function inWords(has: number, rule: SecretRule): string {
	const characters = written(has, rule);
	return `has ${characters} ${characters === 1 ? 'character' : 'characters'}`;
}

/** A part of every message that asks for a secret. The test of a credential replaces it by a new secret. */
export const HOW_TO_MAKE = {
	hex: 'Make a good one with "openssl rand -hex 32".',
	base64: 'Make a good one with "openssl rand -base64 32".',
} as const;

const howToMake = (encoding: SecretEncoding): string =>
	HOW_TO_MAKE[encoding === 'base64' || encoding === 'whsec' ? 'base64' : 'hex'];
