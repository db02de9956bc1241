import type { AnswerRules, FixedAnswer } from '../answers';

/** Hash functions of the HMAC family that a credential offers. */
export const HASHES = ['sha256', 'sha384', 'sha512', 'sha1'] as const;
export type Hash = (typeof HASHES)[number];

/** Which headers carry the parts of a proof; names in lower case. */
export interface HeaderNames {
	readonly signature: string;
	/** Left out when the timestamp stands in the signature header, or is not signed. */
	readonly timestamp?: string;
	/** The message id, where it is signed. */
	readonly id?: string;
}

/**
 * How signatures stand in their header.
 * - `single`: one signature after a fixed prefix; `{hash}` in the prefix stands for the hash's name.
 * - `list`: as `single`, but several may follow with commas between them, each with the prefix or without.
 * - `pairs`: `key=value` pairs, the timestamp among them; the signature's key may come several times. With
 *   the separator `any` it is a comma or a semicolon, and what follows a signature without a key of its own
 *   is one, too.
 * - `versions`: `version,signature` entries parted by spaces.
 */
export type SignatureForm =
	| { readonly kind: 'single' | 'list'; readonly prefix: string }
	| {
			readonly kind: 'pairs';
			readonly separator: ',' | ';' | 'any';
			readonly timestampKey: string;
			readonly signatureKey: string;
	  }
	| { readonly kind: 'versions' };

/**
 * What a sender's signature is made with.
 * - `hmac`: RFC 2104 over the signed content. `chosen` is the hash the credential names.
 * - `digest`: a bare hash over signed content that holds the secret itself (`{secret}`).
 * - `ed25519`: RFC 8032, checked with the credential's public key.
 */
export type Proof = {
	/** Only entries of this version count, where the form has versions. */
	readonly version?: string;
} & (
	| { readonly kind: 'hmac'; readonly hash: Hash | 'chosen'; readonly secretEncoding: SecretEncoding }
	| { readonly kind: 'digest'; readonly hash: Hash }
	| { readonly kind: 'ed25519'; readonly publicKeyEncoding: PublicKeyEncoding }
);

/**
 * How the secret a user typed becomes key bytes. `whsec`: base64 after an optional `whsec_` or `v1,whsec_`.
 */
export type SecretEncoding = 'utf8' | 'hex' | 'base64' | 'whsec';

/**
 * How a signature is written: hex of either case, base64 or its URL-safe form (RFC 4648, sections 8, 4 and
 * 5).
 */
export type SignatureEncoding = 'hex' | 'base64' | 'base64url';

/** How the public key a user typed becomes 32 key bytes. `whpk`: base64 after an optional `whpk_`. */
export type PublicKeyEncoding = 'hex' | 'whpk';

/** `any`: RFC 3339, or digits read as milliseconds from 12 digits on, else as seconds. */
export type TimestampUnit = 'seconds' | 'milliseconds' | 'rfc3339' | 'any';

/** One way of signing. */
export interface Recipe {
	readonly headers: HeaderNames;
	readonly form: SignatureForm;
	readonly encoding: SignatureEncoding;
	/**
	 * What is signed. `{timestamp}` and `{id}` stand for what the request says, letter for letter; `{body}` for
	 * the raw bytes, `{bodySha256}` for their SHA-256 in lower-case hex, `{secret}` for the secret, `{url}` for
	 * the address the credential names, `{method}`, `{path}` and `{query}` for those of the request (the latter
	 * without its question mark), `{header.x-name}` for a header.
	 */
	readonly signedContent: string;
	/** Any one of them is enough. */
	readonly proofs: readonly [Proof, ...Proof[]];
}

/** A sender's own message, after its signature was found right. */
export interface ForeignMessage {
	/** The parsed body; any JSON value. */
	readonly body: unknown;
	/** The signed message id; undefined where the recipe signs none. */
	readonly signedId: string | undefined;
	/** A header by its name in lower case. Headers are signed only where the recipe says so. */
	readonly header: (name: string) => string | undefined;
	/**
	 * Signs a text with the key that the message was signed with, to show that it is known here.
	 * @throws {TypeError} for a recipe without HMAC
	 */
	readonly hmac: (text: string) => Buffer;
}

/**
 * Where an event's own fields are in a sender's message, as they stand there. Only an id that the sender
 * never uses for two notifications may be the event's id: the second one would be taken for a repetition.
 */
export interface ForeignEvent {
	readonly type: unknown;
	/** RFC 3339, or a number of seconds or milliseconds since the epoch. */
	readonly timestamp?: unknown;
	readonly userId?: unknown;
	readonly id?: unknown;
}

/**
 * One kind of sender: how it signs, what it wants to be answered and how its messages read, all as data.
 * Adding a sender is adding such a record and its tests.
 */
export interface Scheme extends AnswerRules {
	/** As users know the sender. */
	readonly displayName: string;
	/**
	 * For whoever fills in the credential: where the secret is found and what is to be done at the sender's.
	 */
	readonly setUp: string;
	/** The first one whose signature header came is the one that counts. */
	readonly recipes: readonly [Recipe, ...Recipe[]];
	/** How old, or how far ahead, a signed timestamp may be by default; null when the sender signs none. */
	readonly timestamp: { readonly unit: TimestampUnit; readonly toleranceSeconds: number } | null;
	/** Whether users make up the secret themselves, and so may be told that it is short. */
	readonly secretIsChosenByUser: boolean;
	/** What every secret of this sender begins with: anything else was copied from the wrong place. */
	readonly secretPrefix?: string;
	/** What this sender calls its secret; `Secret Key` when left out. */
	readonly secretLabel?: string;
	/** The answer to events that were taken, where the sender wants a certain one. */
	readonly acceptance?: FixedAnswer;
	/** How long the sender waits for its answer, in seconds; left out where it does not say. */
	readonly waitsSeconds?: number;
	/** The answer to a message that only asks whether somebody is there; null for any other message. */
	readonly handshake?: (message: ForeignMessage) => FixedAnswer | null;
	/**
	 * Left out when senders of this kind write Game Insights events; null for a message that is one already.
	 */
	readonly event?: (message: ForeignMessage) => ForeignEvent | null;
}
