import { decodeJwt } from 'jose';
import { rfc3339 } from '../rfc3339';

/** How many days before a key expires its owner is warned. */
const TELL_DAYS = [1, 7] as const;
const DAY_MS = 86_400_000;

/**
 * When an API key of n8n expires, in milliseconds since the epoch. Null for a key that does not expire, or
 * does not contain the time. n8n's keys are tokens (RFC 7519) with an `exp`. It is read without verification,
 * which only n8n could do; no access depends on it.
 */
export function keyExpiryMs(apiKey: string): number | null {
	try {
		const { exp } = decodeJwt(apiKey);
		return typeof exp === 'number' && Number.isFinite(new Date(exp * 1_000).getTime()) ? exp * 1_000 : null;
	} catch {
		return null;
	}
}

/** The warning that is now due before a key expires: 1 or 7 days. Null when none is due yet. */
export const daysToTell = (expiresAtMs: number, nowMs: number): number | null =>
	TELL_DAYS.find((days) => expiresAtMs - nowMs <= days * DAY_MS) ?? null;

/** The day on which a key expires, by UTC, such as 2026-12-28. */
export const expiryDay = (expiresAtMs: number): string => rfc3339(expiresAtMs).slice(0, 10);

/** A text such as "expires on 2026-12-28, in 3 days". The day is by UTC. */
export function expiryInWords(expiresAtMs: number, nowMs: number): string {
	const day = expiryDay(expiresAtMs);
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
