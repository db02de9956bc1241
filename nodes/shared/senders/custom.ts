import { headerNameField, textField, type CredentialData } from '../credential/credentialField';
import { strip } from '../credential/invisible';
import { UnusableCredential } from '../credential/unusableCredential';
import type { HeaderNames, Scheme, SecretEncoding, SignatureEncoding, SignatureForm } from './scheme';

/** The allowed placeholders, as written in the template. */
const KNOWN_PLACEHOLDERS = [
	...['{timestamp}', '{id}', '{body}', '{bodySha256}', '{url}', '{method}', '{path}', '{query}'],
	'{header.name}',
];
const KNOWN = new RegExp(
	`^(?:${KNOWN_PLACEHOLDERS.slice(0, -1).join('|').replace(/[{}]/g, '\\$&')}|\\{header\\.[\\w-]+\\})$`,
);
const SECRET_ENCODINGS: readonly SecretEncoding[] = ['utf8', 'hex', 'base64', 'whsec'];
const SIGNATURE_ENCODINGS: readonly SignatureEncoding[] = ['hex', 'base64', 'base64url'];

/** Like {@link Scheme.description}, for the list of senders. */
export const CUSTOM_DESCRIPTION = 'Any other sender that signs its requests with HMAC';

/** Like {@link Scheme.setUp}, for the form of the credential. */
export const CUSTOM_SET_UP =
	'The documentation of the sender says which header carries the signature, which hash it is made with and what is signed. Fill in the fields below accordingly. How it writes its events is said in the node, under Event Format.';

/**
 * A sender that is described by the credential's own fields. It sends Game Insights events, or events in the
 * node's event format.
 * @throws UnusableCredential when the description is incomplete, or when the body could be changed without
 * breaking the signature.
 */
export function readCustomScheme(data: CredentialData): Scheme {
	const signedContent = textField(data, 'signedContent') || '{timestamp}.{body}';
	const unknown = (signedContent.match(/\{\w[\w.-]*\}/g) ?? []).find((name) => !KNOWN.test(name));
	if (unknown !== undefined) {
		throw new UnusableCredential(`The field "Signed Content" knows only ${KNOWN_PLACEHOLDERS.join(', ')}.`);
	}
	if (!/\{body(?:Sha256)?\}/.test(signedContent)) {
		throw new UnusableCredential(
			'The field "Signed Content" must hold {body}: else anybody could change it.',
		);
	}
	const form = readForm(data);
	const isTimeBeside = form.kind === 'pairs';
	const headers: HeaderNames = {
		signature: requiredHeader(data, 'signatureHeader', 'Signature Header'),
		timestamp: optionalHeader(
			data,
			'timestampHeader',
			'Timestamp Header',
			signedContent.includes('{timestamp}') && !isTimeBeside,
		),
		id: optionalHeader(data, 'idHeader', 'ID Header', signedContent.includes('{id}')),
	};
	return {
		displayName: 'Custom',
		description: CUSTOM_DESCRIPTION,
		setUp: CUSTOM_SET_UP,
		recipes: [
			{
				headers,
				form,
				encoding: oneOf(data, 'signatureEncoding', 'Signature Encoding', SIGNATURE_ENCODINGS),
				signedContent,
				proofs: [
					{
						kind: 'hmac',
						hash: 'chosen',
						...(form.kind === 'versions'
							? { version: readKey(data, 'signatureKey', 'Signature Name', 'v1') }
							: {}),
						secretEncoding: oneOf(data, 'secretEncoding', 'Secret Encoding', SECRET_ENCODINGS),
					},
				],
			},
		],
		timestamp: signedContent.includes('{timestamp}') ? { unit: 'any', toleranceSeconds: 300 } : null,
		secretIsChosenByUser: true,
		repeatsOn: 'unsaid',
	};
}

/**
 * Signed content is used exactly as written, so a line break at its end may be correct: the owner has to
 * check it.
 */
export function adviseOnSignedContent(data: CredentialData): string[] {
	const signedContent = textField(data, 'signedContent');
	return strip(signedContent) === signedContent
		? []
		: [
				'The field "Signed Content" begins or ends with a space or line break, or another character that nobody sees, which is often a slip of copying. Remove it, unless the sender signs it, too.',
			];
}

/** How the signature is written in its header. */
function readForm(data: CredentialData): SignatureForm {
	const kind = oneOf(data, 'signatureForm', 'Signature Form', ['list', 'pairs', 'versions'] as const);
	switch (kind) {
		case 'list':
			return { kind, prefix: readPrefix(data) };
		case 'versions':
			return { kind };
		case 'pairs':
			return {
				kind,
				separator: 'any',
				timestampKey: readKey(data, 'timestampKey', 'Timestamp Name', 't'),
				signatureKey: readKey(data, 'signatureKey', 'Signature Name', 'v1'),
			};
	}
}

function readKey(data: CredentialData, name: string, label: string, fallback: string): string {
	const key = strip(textField(data, name)) || fallback;
	if (/^[\w-]+$/.test(key)) return key;
	throw new UnusableCredential(`The field "${label}" is a name of letters and digits, such as ${fallback}.`);
}

/** The value of a header begins with a visible character and has one line (RFC 9110, section 5.5). */
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

/**
 * A header is only accepted when it is signed: an attacker who changes a request could write anything into
 * other headers.
 */
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
