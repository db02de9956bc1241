import type { AnswerRules, FixedAnswer } from '../answers';

/** Hash functions for HMAC that a credential offers. */
export const HASHES = ['sha256', 'sha384', 'sha512', 'sha1'] as const;
export type Hash = (typeof HASHES)[number];

/** The headers with the parts of a proof. Names are in lower case. */
export interface HeaderNames {
	readonly signature: string;
	/** Left out when the timestamp is in the signature header, or is not signed. */
	readonly timestamp?: string;
	/** The message id, if it is signed. */
	readonly id?: string;
}

/**
 * How signatures are written in their header.
 * - `single`: one signature after a fixed prefix; `{hash}` in the prefix is replaced by the hash's name.
 * - `list`: like `single`, but there may be several, separated by commas, each with the prefix or without.
 * - `pairs`: `key=value` pairs that include the timestamp; the signature's key may occur several times. With
 *   the separator `any` it is a comma or a semicolon, and a value without a key after a signature is a
 *   signature, too.
 * - `versions`: `version,signature` entries separated by spaces.
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
 * How a sender makes its signature.
 * - `hmac`: RFC 2104 over the signed content. `chosen` is the hash that the credential names.
 * - `digest`: only a hash over signed content that contains the secret itself (`{secret}`).
 * - `ed25519`: RFC 8032, checked with the credential's public key.
 */
export type Proof = {
	/** If the form has versions, only signatures of this version are compared. */
	readonly version?: string;
} & (
	| { readonly kind: 'hmac'; readonly hash: Hash | 'chosen'; readonly secretEncoding: SecretEncoding }
	| { readonly kind: 'digest'; readonly hash: Hash }
	| { readonly kind: 'ed25519'; readonly publicKeyEncoding: PublicKeyEncoding }
);

/** How to decode the secret that a user typed. `whsec`: base64 after an optional `whsec_` or `v1,whsec_`. */
export type SecretEncoding = 'utf8' | 'hex' | 'base64' | 'whsec';

/**
 * How a signature is encoded: hex in upper or lower case, base64 or its URL-safe form (RFC 4648, sections 8,
 * 4 and 5).
 */
export type SignatureEncoding = 'hex' | 'base64' | 'base64url';

/** How to decode the public key that a user typed into 32 bytes. `whpk`: base64 after an optional `whpk_`. */
export type PublicKeyEncoding = 'hex' | 'whpk';

/** `any`: RFC 3339, or digits: milliseconds from 12 digits on, else seconds. */
export type TimestampUnit = 'seconds' | 'milliseconds' | 'rfc3339' | 'any';

/** One way of signing. */
export interface Recipe {
	readonly headers: HeaderNames;
	readonly form: SignatureForm;
	readonly encoding: SignatureEncoding;
	/**
	 * The signed content. `{timestamp}` and `{id}` are replaced by the values in the request, unchanged;
	 * `{body}` by the raw bytes, `{bodySha256}` by their SHA-256 in lower-case hex, `{secret}` by the secret,
	 * `{url}` by the address that the credential names, `{method}`, `{path}` and `{query}` by those of the
	 * request (the query without its question mark), and `{header.x-name}` by a header.
	 */
	readonly signedContent: string;
	/** A match with one of them is enough. */
	readonly proofs: readonly [Proof, ...Proof[]];
}

/** A sender's own message, after its signature was verified. */
export interface ForeignMessage {
	/** The parsed body; any JSON value. */
	readonly body: unknown;
	/** The signed message id. Undefined when the recipe signs none. */
	readonly signedId: string | undefined;
	/** A header by its name in lower case. Headers are signed only where the recipe says so. */
	readonly header: (name: string) => string | undefined;
	/**
	 * Signs a text with the key that the message was signed with, to prove that the endpoint knows it.
	 * @throws {TypeError} for a recipe without HMAC
	 */
	readonly hmac: (text: string) => Buffer;
}

/**
 * Where a sender's message contains the fields of an event, as they are written there. Only an id that the
 * sender never uses for two notifications may be the event's id: otherwise the second notification would
 * count as a repeat.
 */
export interface ForeignEvent {
	readonly type: unknown;
	/** RFC 3339, or a number of seconds or milliseconds since the epoch. */
	readonly timestamp?: unknown;
	readonly userId?: unknown;
	readonly id?: unknown;
}

/**
 * One kind of sender, as data: how it signs, which answers it expects and how to read its messages. To add a
 * sender, add such a record and its tests.
 */
export interface Scheme extends AnswerRules {
	/** The name of the sender that users know. */
	readonly displayName: string;
	/** Its name in the list of senders in the credential. Left out when that is `displayName`. */
	readonly listedAs?: string;
	/** What it sends, for that list. */
	readonly description: string;
	/** For users who fill in the credential: where to find the secret and what to do at the sender. */
	readonly setUp: string;
	/** If several recipes are possible, the first one whose signature header was sent is used. */
	readonly recipes: readonly [Recipe, ...Recipe[]];
	/** How far a signed timestamp may be in the past or future by default. Null when the sender signs none. */
	readonly timestamp: { readonly unit: TimestampUnit; readonly toleranceSeconds: number } | null;
	/** Whether users choose the secret themselves. Then they may get advice when it is short. */
	readonly secretIsChosenByUser: boolean;
	/** The prefix of every secret of this sender. A secret without it was copied from the wrong place. */
	readonly secretPrefix?: string;
	/** What this sender calls its secret; `Secret Key` when left out. */
	readonly secretLabel?: string;
	/** The answer to events that were taken, when the sender expects a certain one. */
	readonly acceptance?: FixedAnswer;
	/** How long the sender waits for its answer, in seconds. Left out where it does not say. */
	readonly waitsSeconds?: number;
	/** The answer to a message that only checks the endpoint. Null for any other message. */
	readonly handshake?: (message: ForeignMessage) => FixedAnswer | null;
	/**
	 * Converts a message into an event. Left out when such senders write Game Insights events; null for a
	 * message that is already one.
	 */
	readonly event?: (message: ForeignMessage) => ForeignEvent | null;
}
