/**
 * A time in the format of RFC 3339, in UTC with milliseconds: 2026-01-31T12:00:00.000Z.
 * @param epochMs milliseconds since the epoch
 * @throws {RangeError} for a value that is no time, or outside the years of `Date`
 */
export const rfc3339 = (epochMs: number): string => new Date(epochMs).toISOString();
