import { headerNameField, textField, type CredentialData } from '../credentialField';
import { strip } from '../invisible';
import { UnusableCredential } from '../unusableCredential';
import type { HeaderNames, Scheme, SecretEncoding } from './scheme';

const KNOWN_PLACEHOLDERS = ['{timestamp}', '{id}', '{body}'];
const SECRET_ENCODINGS: readonly SecretEncoding[] = ['utf8', 'hex', 'base64'];

/** As {@link Scheme.setUp}, for the form of the credential. */
export const CUSTOM_SET_UP =
	'The documentation of the sender says which header carries the signature, which hash it is made with and what is signed. Fill in the fields below accordingly. The sender sends Game Insights events.';

/**
 * A sender described by the credential's own fields. It sends Game Insights events.
 * @throws UnusableCredential when the description leaves something open or would let the body be changed.
 */
export function readCustomScheme(data: CredentialData): Scheme {
	const signedContent = textField(data, 'signedContent') || '{timestamp}.{body}';
	const unknown = (signedContent.match(/\{\w+\}/g) ?? []).find((name) => !KNOWN_PLACEHOLDERS.includes(name));
	if (unknown !== undefined) {
		throw new UnusableCredential(`The field "Signed Content" knows only ${KNOWN_PLACEHOLDERS.join(', ')}.`);
	}
	if (!signedContent.includes('{body}')) {
		throw new UnusableCredential(
			'The field "Signed Content" must hold {body}: else anybody could change it.',
		);
	}
	const headers: HeaderNames = {
		signature: requiredHeader(data, 'signatureHeader', 'Signature Header'),
		timestamp: optionalHeader(
			data,
			'timestampHeader',
			'Timestamp Header',
			signedContent.includes('{timestamp}'),
		),
		id: optionalHeader(data, 'idHeader', 'ID Header', signedContent.includes('{id}')),
	};
	return {
		displayName: 'Custom',
		setUp: CUSTOM_SET_UP,
		recipes: [
			{
				headers,
				form: { kind: 'single', prefix: readPrefix(data) },
				encoding: oneOf(data, 'signatureEncoding', 'Signature Encoding', ['hex', 'base64']),
				signedContent,
				proofs: [
					{
						kind: 'hmac',
						hash: 'chosen',
						secretEncoding: oneOf(data, 'secretEncoding', 'Secret Encoding', SECRET_ENCODINGS),
					},
				],
			},
		],
		timestamp: headers.timestamp === undefined ? null : { unit: 'any', toleranceSeconds: 300 },
		secretIsChosenByUser: true,
		repeatsOn: 'unsaid',
	};
}

/**
 * What is signed is taken letter for letter, so a line break at its end may be right: the owner has to say.
 */
export function adviseOnSignedContent(data: CredentialData): string[] {
	const signedContent = textField(data, 'signedContent');
	return strip(signedContent) === signedContent
		? []
		: [
				'The field "Signed Content" begins or ends with a space or line break, or another character that nobody sees, which is often a slip of copying. Remove it, unless the sender signs it, too.',
			];
}

/** A header's value begins with what is seen, and has one line (RFC 9110, section 5.5). */
function readPrefix(data: CredentialData): string {
	const prefix = textField(data, 'signaturePrefix');
	if (prefix === '' || /^[\x21-\x7e][\x20-\x7e]*$/.test(prefix)) return prefix;
	throw new UnusableCredential(
		'The field "Signature Prefix" begins with a space, or holds a character that nobody sees or no header has.',
	);
}

function requiredHeader(data: CredentialData, name: string, label: string): string {
	if (strip(textField(data, name)) === '') throw new UnusableCredential(`Fill in "${label}".`);
	return headerNameField(data, name, label, '');
}

/** A header counts only when it is signed: whoever changes a request would write what suits them into the others. */
function optionalHeader(
	data: CredentialData,
	name: string,
	label: string,
	isSigned: boolean,
): string | undefined {
	return isSigned ? requiredHeader(data, name, label) : undefined;
}

function oneOf<T extends string>(
	data: CredentialData,
	name: string,
	label: string,
	known: readonly [T, ...T[]] | readonly T[],
): T {
	const value = textField(data, name);
	const found = value === '' ? known[0] : known.find((candidate) => candidate === value);
	if (found === undefined)
		throw new UnusableCredential(`The field "${label}" must be one of ${known.join(', ')}.`);
	return found;
}
