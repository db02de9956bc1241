import type { SignatureForm } from '../../../shared/senders/scheme';

/** One signature of a header, still as text. */
export interface SentSignature {
	/** The version that the sender gave it. Null for a form without versions. */
	readonly version: string | null;
	readonly text: string;
}

/** The content of a signature header. */
export interface SignatureHeader {
	readonly signatures: readonly SentSignature[];
	/** The timestamp next to the signatures. Null when the form has none or it is missing. */
	readonly timestamp: string | null;
}

/** Senders that change keys send two signatures. Many more are probably an attempt to cause work. */
const MOST_SIGNATURES = 8;

/**
 * Splits a signature header. Parts that do not fit the form are left out, so there may be no signature at
 * all.
 */
export function readSignatureHeader(value: string, form: SignatureForm): SignatureHeader {
	switch (form.kind) {
		case 'single':
			return {
				signatures: value.startsWith(form.prefix)
					? [{ version: null, text: value.slice(form.prefix.length) }]
					: [],
				timestamp: null,
			};
		case 'list':
			return { signatures: readList(value, form.prefix), timestamp: null };
		case 'versions':
			return { signatures: keepFew(value.split(' ').map((entry) => splitOnce(entry, ','))), timestamp: null };
		case 'pairs': {
			const pairs = readPairs(value, form.separator);
			const timestamps = pairs.filter(({ version }) => version === form.timestampKey);
			const signatures = pairs.filter(({ version }) => version === form.signatureKey);
			return {
				signatures: keepFew(signatures).map(({ text }) => ({ version: null, text })),
				// With two timestamps it is unclear which one was signed, so neither is used.
				timestamp: timestamps.length === 1 ? (timestamps[0]?.text ?? null) : null,
			};
		}
	}
}

function readList(value: string, prefix: string): SentSignature[] {
	if (!value.startsWith(prefix)) return [];
	const entries = keepFew(value.slice(prefix.length).split(',')).map((entry) => entry.trim());
	return entries.map((text) => ({
		version: null,
		text: text.startsWith(prefix) ? text.slice(prefix.length) : text,
	}));
}

/** A value without a key. The `=` that pads base64 is no separator. */
const WITHOUT_KEY = /^[^=]+=*$/;

function readPairs(value: string, separator: ',' | ';' | 'any'): SentSignature[] {
	if (separator !== 'any') return value.split(separator).map((pair) => splitOnce(pair.trim(), '='));
	let key: string | null = null;
	return value.split(/[,;]/).map((part) => {
		const entry = part.trim();
		if (WITHOUT_KEY.test(entry)) return { version: key, text: entry };
		const pair = splitOnce(entry, '=');
		key = pair.version;
		return pair;
	});
}

/** Splits at the first separator only, because base64 may end in `=`. */
function splitOnce(entry: string, separator: string): SentSignature {
	const at = entry.indexOf(separator);
	return at < 0 ? { version: null, text: '' } : { version: entry.slice(0, at), text: entry.slice(at + 1) };
}

function keepFew<T>(entries: readonly T[]): readonly T[] {
	return entries.slice(0, MOST_SIGNATURES);
}
