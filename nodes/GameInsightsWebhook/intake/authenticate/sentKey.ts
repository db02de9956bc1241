import type { IncomingRequest } from '../receipt';
import { headerNameField, plainField, type CredentialData } from '../../../shared/credential/credentialField';
import type { SentIn } from '../../../shared/credential/apiKey';
import { readHeader } from './requestHeader';
import { unauthorized } from './unauthorized';
import { UnusableCredential } from '../../../shared/credential/unusableCredential';

/** Where senders put an API key. */
export interface KeyPlace {
	readonly kind: SentIn;
	/** A description for the log. Never contains a key. */
	readonly words: string;
	/** The headers that a 401 answer must contain. */
	readonly challenge: Readonly<Record<string, string>>;
	/**
	 * The texts that may be the key, as bytes.
	 * @throws Refusal 401 when there is none, or it was sent twice
	 */
	readonly read: (request: IncomingRequest) => readonly Buffer[];
}

/**
 * The place of the key that a credential defines.
 * @throws UnusableCredential
 */
export function readKeyPlace(data: CredentialData): KeyPlace {
	const kind = plainField(data, 'sentIn', 'Sent In') || 'header';
	switch (kind) {
		case 'header': {
			const name = headerNameField(data, 'headerName', 'Header Name', 'X-API-Key');
			return {
				kind,
				words: `the header "${name}"`,
				challenge: {},
				// Node.js returns header bytes as Latin-1. A key with other characters than ASCII was sent as UTF-8.
				read: (request) => [Buffer.from(readHeader(request, name), 'latin1')],
			};
		}
		case 'basicAuth':
			return {
				kind,
				words: 'the header "authorization"',
				// RFC 9110, section 11.6.1; RFC 7617, section 2.1.
				challenge: { 'WWW-Authenticate': 'Basic realm="Game Insights Webhook", charset="UTF-8"' },
				read: readBasicAuth,
			};
		case 'query': {
			const name = plainField(data, 'queryParameter', 'Query Parameter') || 'key';
			return {
				kind,
				words: `the query parameter "${name}"`,
				challenge: {},
				read: (request) => [Buffer.from(readQueryParameter(request, name), 'utf8')],
			};
		}
		default:
			throw new UnusableCredential('The field "Sent In" must be one of header, basicAuth, query.');
	}
}

/** RFC 7617, section 2: base64 of user name, colon and password. Only the password may contain a colon. */
function readBasicAuth(request: IncomingRequest): readonly Buffer[] {
	const value = readHeader(request, 'authorization');
	const encoded = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(value)?.[1];
	if (encoded === undefined) throw unauthorized('The header "authorization" holds no Basic authentication.');
	const pair = Buffer.from(encoded, 'base64');
	const colon = pair.indexOf(':');
	return colon === -1 ? [pair] : [pair.subarray(0, colon), pair.subarray(colon + 1)];
}

/** A parameter that was sent twice is refused: different programs would use different values. */
function readQueryParameter({ target }: IncomingRequest, name: string): string {
	const start = target.indexOf('?');
	const query = start === -1 ? '' : target.slice(start + 1);
	const values = query.split('&').flatMap((pair) => {
		const equals = pair.indexOf('=');
		return equals !== -1 && decoded(pair.slice(0, equals)) === name ? [decoded(pair.slice(equals + 1))] : [];
	});
	const [value] = values;
	if (values.length > 1) throw unauthorized(`The query parameter "${name}" came more than once.`);
	if (value === undefined || value === '')
		throw unauthorized(`The query parameter "${name}" is missing or empty.`);
	return value;
}

function decoded(text: string): string | undefined {
	try {
		return decodeURIComponent(text.replaceAll('+', ' '));
	} catch {
		return undefined;
	}
}
