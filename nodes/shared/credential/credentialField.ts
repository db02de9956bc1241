import { hidesCharacters, strip } from './invisible';
import { UnusableCredential } from './unusableCredential';
import { urlIn } from '../urlIn';

/** A header name as defined in RFC 9110, section 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A credential's decrypted fields, as n8n returns them. */
export type CredentialData = Readonly<Record<string, unknown>>;

/** A text field. Empty when it is missing or not a text. Never trimmed: a space may be part of a secret. */
export function textField(data: CredentialData, name: string): string {
	const value = data[name];
	return typeof value === 'string' ? value : '';
}

/**
 * A secret that must be there.
 * @param label The field's name in the form.
 * @throws UnusableCredential
 */
export function secretField(data: CredentialData, name: string, label: string): string {
	const value = optionalSecretField(data, name);
	if (value === undefined)
		throw new UnusableCredential(`The field "${label}" is empty, so nothing can be verified.`);
	return value;
}

/**
 * An optional secret; undefined when it is empty. A secret of only invisible characters counts as empty,
 * because it would give no protection.
 */
export function optionalSecretField(data: CredentialData, name: string): string | undefined {
	const value = textField(data, name);
	return strip(value) === '' ? undefined : value;
}

/**
 * A text that is no secret, such as a name or an address, without invisible characters at its ends. Empty
 * when the field is empty.
 * @throws UnusableCredential when the field is not a text. That must not count as empty, because an empty
 * field may switch a check off.
 */
export function plainField(data: CredentialData, name: string, label: string): string {
	const value = data[name] ?? '';
	if (typeof value !== 'string') throw new UnusableCredential(`The field "${label}" must hold a text.`);
	const text = strip(value);
	if (hidesCharacters(text)) {
		throw new UnusableCredential(
			`The field "${label}" holds a character that nobody sees, which is a slip of copying. Type it anew.`,
		);
	}
	return text;
}

/**
 * One or more texts, separated by commas or line breaks, or as a list. Empty when the field is empty.
 * @throws UnusableCredential like {@link plainField}, and when the field is filled but contains no text.
 */
export function listField(data: CredentialData, name: string, label: string): readonly string[] {
	const value = data[name] ?? '';
	const parts: unknown[] = typeof value === 'string' ? value.split(/[,\r\n]/) : [value].flat();
	const texts = parts.map((part) => plainField({ part }, 'part', label)).filter((text) => text !== '');
	const isEmpty = typeof value === 'string' ? strip(value) === '' : parts.length === 0;
	if (texts.length === 0 && !isEmpty) {
		throw new UnusableCredential(`The field "${label}" names nothing: fill it in, or empty it.`);
	}
	return [...new Set(texts)];
}

/**
 * A URL. Empty when the field is empty.
 * @throws UnusableCredential when it is not an http or https URL.
 */
export function addressField(data: CredentialData, name: string, label: string): string {
	const text = plainField(data, name, label);
	if (text === '' || (/^https?:\/\//i.test(text) && urlIn(text) !== null)) return text;
	throw new UnusableCredential(`The field "${label}" must be an address that begins with https://.`);
}

/** Whether a switch is on. A switch turns checks on, so any value that is not clearly off counts as on. */
export function switchField(data: CredentialData, name: string): boolean {
	const value = data[name] ?? false;
	return !(value === false || value === '' || value === 'false' || value === 0);
}

/**
 * A number that a user typed or an expression returned. `fallback` when the field is missing or empty.
 * @throws UnusableCredential when it is not a number, below `least` or above `most`.
 */
export function numberField(
	data: CredentialData,
	name: string,
	{ label, fallback, least, most }: { label: string; fallback: number; least: number; most?: number },
): number {
	const value = data[name];
	if (value === undefined || value === null || value === '') return fallback;
	const number = typeof value === 'string' ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isFinite(number) || number < least) {
		throw new UnusableCredential(`The field "${label}" must be a number of at least ${least}.`);
	}
	if (most !== undefined && number > most) {
		throw new UnusableCredential(`The field "${label}" must be a number of at most ${most}.`);
	}
	return number;
}

/**
 * The name of a header, in lower case; `fallback` when the field is empty.
 * @throws UnusableCredential
 */
export function headerNameField(data: CredentialData, name: string, label: string, fallback: string): string {
	const value = strip(textField(data, name)) || fallback;
	if (!HEADER_NAME.test(value)) {
		throw new UnusableCredential(`The field "${label}" is not the name of an HTTP header.`);
	}
	return value.toLowerCase();
}
