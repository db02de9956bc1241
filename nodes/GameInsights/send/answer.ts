/** The answer to a request. */
export interface HttpAnswer {
	/** HTTP status. */
	readonly status: number;
	/** Headers by name in lower case. */
	readonly headers: Readonly<Record<string, unknown>>;
	/** The body when it is a JSON object, else undefined. */
	readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Whether it is a success: any 2xx. */
export const isYes = ({ status }: HttpAnswer): boolean => status >= 200 && status < 300;

/** The statuses of a request in the receipt of a Game Insights Webhook. */
const STATUSES = ['accepted', 'processed', 'dead_lettered'] as const;

/** How many events the receiver got, and what happened to them. */
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
 * The receipt in an answer. Null when there is none. While n8n starts, it answers every request with 200 and
 * a page of text. Another server at a wrong address may do so, too, even with `{"status":"error"}`. So only
 * status 200 with a known status, a request id and counts that add up is a receipt.
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
 * Answers after which a retry makes sense: timeouts, too many requests, server errors, a success without a
 * receipt, and 404: while n8n starts and does not know its webhooks yet, it answers 404.
 */
export const isWorthARetry = (answer: HttpAnswer): boolean =>
	answer.status === 404 ||
	answer.status === 408 ||
	answer.status === 429 ||
	answer.status >= 500 ||
	(isYes(answer) && receiptIn(answer) === null);

/** The result of sending a request. */
export type Delivery =
	| { readonly kind: 'answered'; readonly answer: HttpAnswer; readonly attempts: number }
	/** No attempt got an answer. The request may or may not have arrived. */
	| { readonly kind: 'unanswered'; readonly message: string; readonly attempts: number };

/** The body of an answer if it is an object or the JSON text of an object. */
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
