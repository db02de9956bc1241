import { createHash } from 'crypto';

/** What the placeholders of a signed-content template stand for in one request. */
export interface SignedParts {
	readonly timestamp: string;
	readonly id: string;
	readonly body: Buffer;
	readonly secret: string;
	readonly url: string;
}

/** The pieces that are signed, one after the other. */
export type SignedContent = ReadonlyArray<string | Buffer>;

type Placeholder = keyof SignedParts | 'bodySha256';

const VALUES: Readonly<Record<Placeholder, (parts: SignedParts) => string | Buffer>> = {
	timestamp: ({ timestamp }) => timestamp,
	id: ({ id }) => id,
	body: ({ body }) => body,
	bodySha256: ({ body }) => createHash('sha256').update(body).digest('hex'),
	secret: ({ secret }) => secret,
	url: ({ url }) => url,
};
/** With one capturing group, so that splitting by it keeps the placeholders at the odd places. */
const PLACEHOLDER = new RegExp(`\\{(${Object.keys(VALUES).join('|')})\\}`);

/** A template such as `{timestamp}.{body}`, read once. */
export interface SignedContentTemplate {
	readonly uses: (placeholder: Placeholder) => boolean;
	readonly fill: (parts: SignedParts) => SignedContent;
}

/** Reads a template. Anything but a placeholder stands for itself. */
export function readSignedContentTemplate(template: string): SignedContentTemplate {
	const pieces = template.split(PLACEHOLDER);
	const used = new Set(pieces.filter((_, index) => index % 2 === 1));
	const values = pieces
		.map((piece, index) => (index % 2 === 1 ? VALUES[piece as Placeholder] : () => piece))
		.filter((_, index) => pieces[index] !== '');
	return {
		uses: (placeholder) => used.has(placeholder),
		// The body is never copied or joined: hashing takes the pieces one by one.
		fill: (parts) => values.map((valueOf) => valueOf(parts)),
	};
}
