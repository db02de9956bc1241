import { createHash } from 'crypto';

/** The values of the placeholders of a signed-content template in one request. */
export interface SignedParts {
	readonly timestamp: string;
	readonly id: string;
	readonly body: Buffer;
	readonly secret: string;
	readonly url: string;
	readonly method: string;
	/** The path of the request's URL, unchanged, without the query. */
	readonly path: string;
	/** Without its question mark; empty when there is none. */
	readonly query: string;
	/** A header by its name in lower case. Only called for headers that the template names. */
	readonly header: (name: string) => string;
}

/** The pieces that are signed, one after the other. */
export type SignedContent = ReadonlyArray<string | Buffer>;

type Placeholder = Exclude<keyof SignedParts, 'header'> | 'bodySha256';

const VALUES: Readonly<Record<Placeholder, (parts: SignedParts) => string | Buffer>> = {
	timestamp: ({ timestamp }) => timestamp,
	id: ({ id }) => id,
	body: ({ body }) => body,
	bodySha256: ({ body }) => createHash('sha256').update(body).digest('hex'),
	secret: ({ secret }) => secret,
	url: ({ url }) => url,
	method: ({ method }) => method,
	path: ({ path }) => path,
	query: ({ query }) => query,
};
const HEADER = 'header.';
/** It has one capturing group, so that splitting by it keeps the placeholders, at the odd indexes. */
const PLACEHOLDER = new RegExp(
	`\\{(${Object.keys(VALUES).join('|')}|header\\.[!#$%&'*+.^_\`|~0-9A-Za-z-]+)\\}`,
);

/** A template such as `{timestamp}.{body}`, parsed once. */
export interface SignedContentTemplate {
	readonly uses: (placeholder: Placeholder) => boolean;
	/** Whether it contains a header. */
	readonly usesHeaders: boolean;
	readonly fill: (parts: SignedParts) => SignedContent;
}

/** Parses a template. All text except placeholders is used unchanged. */
export function readSignedContentTemplate(template: string): SignedContentTemplate {
	const pieces = template.split(PLACEHOLDER);
	const used = new Set(pieces.filter((_, index) => index % 2 === 1));
	const values = pieces
		.map((piece, index) => (index % 2 === 1 ? valueOfPlaceholder(piece) : () => piece))
		.filter((_, index) => pieces[index] !== '');
	return {
		uses: (placeholder) => used.has(placeholder),
		usesHeaders: [...used].some((name) => name.startsWith(HEADER)),
		fill: (parts) => neighboursJoined(values.map((valueOf) => valueOf(parts))),
	};
}

/**
 * Each call of a hash function takes time, so texts are given to it together. The body is never copied or
 * joined.
 */
function neighboursJoined(pieces: SignedContent): SignedContent {
	const joined: Array<string | Buffer> = [];
	for (const piece of pieces) {
		const before = joined.at(-1);
		if (typeof piece === 'string' && typeof before === 'string') joined[joined.length - 1] = before + piece;
		else joined.push(piece);
	}
	return joined;
}

function valueOfPlaceholder(name: string): (parts: SignedParts) => string | Buffer {
	if (!name.startsWith(HEADER)) return VALUES[name as Placeholder];
	const headerName = name.slice(HEADER.length).toLowerCase();
	return ({ header }) => header(headerName);
}
