const MOST_SECONDS = 365 * 86_400;

/**
 * How long a server asks to wait, in milliseconds. Null when it does not say. `Retry-After` contains seconds
 * or a date (RFC 9110, section 10.2.3).
 */
export function retryAfterMs(headers: Readonly<Record<string, unknown>>, nowMs: number): number | null {
	const value = headers['retry-after'];
	if (typeof value !== 'string' && typeof value !== 'number') return null;
	const text = String(value).trim();
	if (/^\d+$/.test(text)) return Math.min(Number(text), MOST_SECONDS) * 1_000;
	const dateMs = /^[A-Za-z]{3}, /.test(text) ? Date.parse(text) : Number.NaN;
	return Number.isNaN(dateMs) ? null : Math.min(Math.max(0, dateMs - nowMs), MOST_SECONDS * 1_000);
}
