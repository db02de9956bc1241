import type { SignatureForm } from './schemes/scheme';

/** One signature out of a header, still as text. */
export interface SentSignature {
	/** The version the sender marked it with; null where its form has none. */
	readonly version: string | null;
	readonly text: string;
}

/** What a signature header holds. */
export interface SignatureHeader {
	readonly signatures: readonly SentSignature[];
	/** The timestamp that stands beside the signatures; null where the form has none or it is missing. */
	readonly timestamp: string | null;
}

/** Senders that change keys send two signatures; more than this is someone making us calculate. */
const MOST_SIGNATURES = 8;

/** Takes a signature header apart. What doesn't fit the form is left out, so a header may hold no signature at all. */
export function readSignatureHeader(value: string, form: SignatureForm): SignatureHeader {
	switch (form.kind) {
		case 'single':
			return {
				signatures: value.startsWith(form.prefix)
					? [{ version: null, text: value.slice(form.prefix.length) }]
					: [],
				timestamp: null,
			};
		case 'versions':
			return { signatures: keepFew(value.split(' ').map((entry) => splitOnce(entry, ','))), timestamp: null };
		case 'pairs': {
			const pairs = value.split(form.separator).map((pair) => splitOnce(pair.trim(), '='));
			const timestamps = pairs.filter(({ version }) => version === form.timestampKey);
			const signatures = pairs.filter(({ version }) => version === form.signatureKey);
			return {
				signatures: keepFew(signatures).map(({ text }) => ({ version: null, text })),
				// Two timestamps are two readings of what was signed: neither is taken.
				timestamp: timestamps.length === 1 ? (timestamps[0]?.text ?? null) : null,
			};
		}
	}
}

/** At the first separator only: base64 ends in `=`. */
function splitOnce(entry: string, separator: string): SentSignature {
	const at = entry.indexOf(separator);
	return at < 0 ? { version: null, text: '' } : { version: entry.slice(0, at), text: entry.slice(at + 1) };
}

function keepFew<T>(entries: readonly T[]): readonly T[] {
	return entries.slice(0, MOST_SIGNATURES);
}
