import { expiryDay, keyExpiryMs } from '../credential/keyExpiry';
import { TableFailure, asTableFailure } from './table';

/** How long a call may take. */
const CALL_MS = 8_000;

/** One HTTP request. */
export interface Call {
	readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	/** Sent as JSON. */
	readonly body?: unknown;
	readonly timeoutMs: number;
}

/** Makes an HTTP request. Rejects only when there is no answer. A body in JSON is parsed. */
export type MakeCall = (call: Call) => Promise<{ readonly status: number; readonly body: unknown }>;

/** The address of n8n, and an API key for it. */
export interface N8nAccess {
	readonly baseUrl: string;
	readonly apiKey: string;
	/**
	 * Reads the credential again, where that is possible: it may have been changed. Resolves with whether it
	 * now differs from what was used. Never rejects.
	 */
	renew?(used: { readonly baseUrl: string; readonly apiKey: string }): Promise<boolean>;
}

/** People often paste n8n's address with a slash at the end, or with the path of the API. */
const rootOf = (baseUrl: string): string =>
	baseUrl
		.trim()
		.replace(/\/+$/, '')
		.replace(/\/api\/v1$/, '');

interface CallContent {
	readonly query?: Readonly<Record<string, string>>;
	readonly body?: unknown;
}

/**
 * Sends a request to n8n's public API. If the key is not accepted, the request is sent once more with a new
 * key from the credential, if there is one.
 * @throws {TableFailure} for every answer that is not a success
 */
export async function callN8n(
	make: MakeCall,
	access: N8nAccess,
	method: Call['method'],
	route: string,
	content: CallContent = {},
): Promise<unknown> {
	const used = { baseUrl: access.baseUrl, apiKey: access.apiKey };
	try {
		return await callOnce(make, access, method, route, content);
	} catch (error) {
		const failure = asTableFailure(error);
		const isOther = failure.isNoAccess && (await access.renew?.(used)) === true;
		// Without an answer, the call may have taken effect. Then a new address is only used for later calls.
		if (!isOther || failure.kind === 'unreachable') throw failure;
		return await callOnce(make, access, method, route, content);
	}
}

async function callOnce(
	make: MakeCall,
	access: N8nAccess,
	method: Call['method'],
	route: string,
	{ query = {}, body }: CallContent,
): Promise<unknown> {
	// The query is encoded here: n8n's HTTP client does not encode colons and brackets, and n8n's API does not
	// accept that, nor `+` for a space.
	const search = new URLSearchParams(query).toString().replaceAll('+', '%20');
	const { baseUrl, apiKey } = access;
	const url = `${rootOf(baseUrl)}/api/v1${route}${search === '' ? '' : `?${search}`}`;
	const headers = { 'X-N8N-API-KEY': apiKey, accept: 'application/json' };
	const answer = await make({ method, url, headers, body, timeoutMs: CALL_MS }).catch(
		(error: unknown) => new TableFailure('unreachable', unreachableAt(baseUrl, error), true),
	);
	if (answer instanceof TableFailure) throw answer;
	const { status, body: said } = answer;
	if (isStarting(status, said)) {
		const where = rootOf(baseUrl);
		throw new TableFailure(
			'unreachable',
			`n8n at ${where} is still starting, or its public API is switched off (N8N_PUBLIC_API_DISABLED).${aboutPath(baseUrl)}`,
		);
	}
	if (status < 200 || status >= 300) throw failureOf(status, said, route, access);
	// A page of another server, or of n8n's editor, must not count as success.
	if (typeof said === 'string' || said === undefined) throw notN8n(access);
	return said;
}

/**
 * While n8n starts it answers every request with 200 and a sentence (`abstract-server.js`), then for a moment
 * with Express's page for an unknown path. Nothing was done, and the request can soon be repeated.
 */
const isStarting = (status: number, body: unknown): boolean =>
	typeof body === 'string' &&
	(body.startsWith('n8n is starting up') || (status === 404 && /Cannot [A-Z]+ \//.test(body)));

/** The failure when something else answers in the place of n8n's API. */
export const notN8n = ({ baseUrl }: N8nAccess): TableFailure =>
	new TableFailure(
		'refused',
		`${rootOf(baseUrl)} does not answer like n8n's API. Check the Base URL in the credential "Game Insights Data Tables API", and that n8n's public API is switched on.${aboutPath(baseUrl)}`,
	);

function unreachableAt(baseUrl: string, error: unknown): string {
	const reason = error instanceof Error ? error.message : String(error);
	return `n8n could not be reached at ${rootOf(baseUrl)} (${reason}). Check the Base URL in the credential "Game Insights Data Tables API".${aboutPath(baseUrl)}`;
}

/** People easily copy the address of a page of n8n's editor instead of the address of n8n. */
function aboutPath(baseUrl: string): string {
	const path = /^https?:\/\/[^/]+(\/.+)$/i.exec(rootOf(baseUrl))?.[1];
	return path === undefined
		? ''
		: ` The Base URL has the path "${path}": leave it out, unless this n8n is served under it (N8N_PATH).`;
}

function failureOf(
	status: number,
	body: unknown,
	route: string,
	{ baseUrl, apiKey }: N8nAccess,
): TableFailure {
	const { message } = (body ?? {}) as { message?: unknown };
	const words = typeof message === 'string' ? message : `status ${status}`;
	if (status === 401) {
		const expiresAtMs = keyExpiryMs(apiKey);
		const day = expiresAtMs === null ? '' : ` It says that it ends on ${expiryDay(expiresAtMs)}.`;
		return new TableFailure(
			'refused',
			`n8n does not accept the API key.${day} Make a new one under Settings → n8n API and put it into the credential "Game Insights Data Tables API".`,
			true,
		);
	}
	if (status === 403) {
		return new TableFailure(
			'refused',
			'The API key may not use Data Tables. Under Settings → n8n API give it the scopes dataTable:list, dataTable:read, dataTable:create, and dataTableRow:read, create, update and delete.',
			true,
		);
	}
	if (status === 404 && route === '/data-tables') {
		return new TableFailure(
			'refused',
			`This n8n has no Data Tables API, which Durable needs. Update n8n to version 2.41 or later, or turn Durable off.${aboutPath(baseUrl)}`,
		);
	}
	if (status === 404) {
		return new TableFailure(
			'refused',
			'The journal table is gone. Unpublish and publish the workflow: that makes a new one.',
		);
	}
	if (status === 413)
		return new TableFailure('tooLarge', 'The events are larger than n8n takes in one call.');
	if (status === 429 || status >= 500) {
		return new TableFailure('unreachable', `n8n answered ${status}: ${words}`);
	}
	if (/size limit/i.test(words)) {
		return new TableFailure(
			'full',
			`n8n has no space left for Data Tables (${words}). Delete rows, or raise N8N_DATA_TABLES_MAX_SIZE_BYTES.`,
		);
	}
	return new TableFailure('refused', `n8n refused a call to the journal table: ${words}`);
}
