/**
 * A moment as RFC 3339 writes it, in UTC with milliseconds: 2026-01-31T12:00:00.000Z.
 * @param epochMs milliseconds since the epoch
 * @throws {RangeError} for what is no moment, or beyond the years that `Date` knows
 */
export const rfc3339 = (epochMs: number): string => new Date(epochMs).toISOString();
