import { HEADER_NAME } from './requestHeader';
import { UnusableCredential } from './unusableCredential';

/** A credential's decrypted fields, as n8n gives them. */
export type CredentialData = Readonly<Record<string, unknown>>;

/** A text field; empty when it is missing or holds something else. Never trimmed: a space may be part of a secret. */
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
	const value = textField(data, name);
	if (value.trim() === '')
		throw new UnusableCredential(`The field "${label}" is empty, so nothing can be verified.`);
	return value;
}

/** A secret that may be left out; undefined then. Spaces alone count as left out: they must not open a door. */
export function optionalSecretField(data: CredentialData, name: string): string | undefined {
	const value = textField(data, name);
	return value.trim() === '' ? undefined : value;
}

/**
 * A number a user typed, or an expression gave; `fallback` when the field is missing or empty.
 * @throws UnusableCredential when it is not a number or below `least`.
 */
export function numberField(
	data: CredentialData,
	name: string,
	{ label, fallback, least }: { label: string; fallback: number; least: number },
): number {
	const value = data[name];
	if (value === undefined || value === null || value === '') return fallback;
	const number = typeof value === 'string' ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isFinite(number) || number < least) {
		throw new UnusableCredential(`The field "${label}" must be a number of at least ${least}.`);
	}
	return number;
}

/**
 * The name of a header, in lower case; `fallback` when the field is empty.
 * @throws UnusableCredential
 */
export function headerNameField(data: CredentialData, name: string, label: string, fallback: string): string {
	const value = textField(data, name).trim() || fallback;
	if (!HEADER_NAME.test(value)) {
		throw new UnusableCredential(`The field "${label}" is not the name of an HTTP header.`);
	}
	return value.toLowerCase();
}
