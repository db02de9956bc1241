import { decodeJwt } from 'jose';

/** How long before its end somebody should know, in days. */
const TELL_DAYS = [1, 7] as const;
const DAY_MS = 86_400_000;

/**
 * When a key of n8n's API ends, in milliseconds since the epoch; null for one that does not, or does not say.
 * n8n's keys are tokens (RFC 7519) with an `exp`, which is read and not verified: n8n alone can do that, and
 * nothing is decided by it.
 */
export function keyExpiryMs(apiKey: string): number | null {
	try {
		const { exp } = decodeJwt(apiKey);
		return typeof exp === 'number' && Number.isFinite(new Date(exp * 1_000).getTime()) ? exp * 1_000 : null;
	} catch {
		return null;
	}
}

/** How many days ahead of its end a key is, as far as it is time to tell: 1 or 7; null before that. */
export const daysToTell = (expiresAtMs: number, nowMs: number): number | null =>
	TELL_DAYS.find((days) => expiresAtMs - nowMs <= days * DAY_MS) ?? null;

/** "expires on 2026-12-28, in 3 days": the day is that of UTC. */
export function expiryInWords(expiresAtMs: number, nowMs: number): string {
	const day = new Date(expiresAtMs).toISOString().slice(0, 10);
	const leftMs = expiresAtMs - nowMs;
	if (leftMs <= 0) return `has expired on ${day}`;
	const hours = Math.floor(leftMs / 3_600_000);
	const left =
		hours < 1
			? 'in less than an hour'
			: hours < 48
				? `in ${hours} ${hours === 1 ? 'hour' : 'hours'}`
				: `in ${Math.floor(hours / 24)} days`;
	return `expires on ${day}, ${left}`;
}
