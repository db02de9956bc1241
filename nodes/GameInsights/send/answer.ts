/** What came back for a request. */
export interface HttpAnswer {
	/** HTTP status. */
	readonly status: number;
	/** By name in lower case. */
	readonly headers: Readonly<Record<string, unknown>>;
	/** The body: parsed where it is a JSON object, else undefined. */
	readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Whether it says yes: any 2xx. */
export const isYes = ({ status }: HttpAnswer): boolean => status >= 200 && status < 300;

/** What the receipt of a Game Insights Webhook may say became of a request. */
const STATUSES = ['accepted', 'processed', 'dead_lettered'] as const;

/** How many events the receiver got, and what became of them. */
export interface Receipt {
	readonly status: (typeof STATUSES)[number];
	readonly received: number;
	readonly accepted: number;
	readonly deadLettered: number;
	readonly duplicates: number;
	readonly ignored: number;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * The receipt in an answer; null where there is none. n8n itself answers every request with 200 and a page of
 * text while it starts, and so may anything else at a wrong address, `{"status":"error"}` among it: only 200
 * with a known status, a request id and counts that add up says what became of the events.
 */
export function receiptIn({ status: httpStatus, body }: HttpAnswer): Receipt | null {
	if (httpStatus !== 200 || body === undefined) return null;
	const { request_id: id, received, accepted, dead_lettered: deadLettered, duplicates, ignored } = body;
	const status = STATUSES.find((known) => known === body.status);
	if (status === undefined || typeof id !== 'string' || id === '') return null;
	if (![received, accepted, deadLettered, duplicates, ignored].every(isCount)) return null;
	const receipt = { status, received, accepted, deadLettered, duplicates, ignored } as Receipt;
	const sum = receipt.accepted + receipt.deadLettered + receipt.duplicates + receipt.ignored;
	return sum === receipt.received ? receipt : null;
}

/**
 * Answers that ask to come again: timeouts, too many requests, faults of the server, a yes that is no
 * receipt, and 404: n8n answers so while it starts and does not know its webhooks yet.
 */
export const isWorthARetry = (answer: HttpAnswer): boolean =>
	answer.status === 404 ||
	answer.status === 408 ||
	answer.status === 429 ||
	answer.status >= 500 ||
	(isYes(answer) && receiptIn(answer) === null);

/** How sending a request ended. */
export type Delivery =
	| { readonly kind: 'answered'; readonly answer: HttpAnswer; readonly attempts: number }
	/** No attempt was answered. What was sent may or may not have arrived. */
	| { readonly kind: 'unanswered'; readonly message: string; readonly attempts: number };

/** The body of an answer as far as it can be read: an object, or its JSON text. */
export function readAnswerBody(body: unknown): HttpAnswer['body'] {
	const value = typeof body === 'string' ? parseOrUndefined(body) : body;
	const isObject =
		typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
	return isObject ? (value as Record<string, unknown>) : undefined;
}

function parseOrUndefined(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
