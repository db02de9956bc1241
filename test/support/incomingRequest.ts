import type { IncomingRequest } from '../../nodes/GameInsightsWebhook/intake/receipt';

/** 2026-01-15T12:00:00Z: when requests of the tests arrive, unless a test says otherwise. */
export const ARRIVAL_MS = 1_768_478_400_000;

/** What a test cares about in a request. */
export interface RequestParts {
	/** Name and value of each header in the order they are sent; a name may come twice. */
	readonly headers?: ReadonlyArray<readonly [name: string, value: string]>;
	readonly body?: string | Buffer;
	readonly receivedAtMs?: number;
	readonly address?: string | null;
	/** Path and query. */
	readonly target?: string;
}

/** A request as Node.js hands it on: names in lower case, values of a repeated header joined. */
export function incomingRequest({
	headers = [],
	body = '',
	receivedAtMs = ARRIVAL_MS,
	address = '203.0.113.7',
	target = '/webhook/1/events',
}: RequestParts): IncomingRequest {
	const joined: Record<string, string> = {};
	for (const [name, value] of headers) {
		const key = name.toLowerCase();
		const before = joined[key];
		// Node.js keeps the first `Authorization` and joins most others.
		if (before === undefined) joined[key] = value;
		else if (key !== 'authorization') joined[key] = `${before}, ${value}`;
	}
	return {
		requestId: '5f0c1f57-0b53-4f1c-9d0a-3a5f7c7d4e11',
		receivedAtMs,
		address,
		target,
		headers: joined,
		rawHeaders: headers.flat(),
		body: Buffer.from(body),
	};
}
