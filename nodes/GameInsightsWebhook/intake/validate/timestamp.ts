const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
/**
 * The RFC does not limit the length of a fraction. This limit keeps the pattern away from texts of megabytes.
 */
const LONGEST = 64;
const MINUTE_MS = 60_000;

/**
 * Milliseconds since the epoch of a date and time in the form of RFC 3339, section 5.6, without its fraction
 * of a second. Null for any other text. `T` and `Z` may be in lower case. A second `:60` is only accepted
 * where leap seconds occur: at the end of June or December in UTC, converted by the offset (section 5.7 and
 * appendix D).
 */
export function readTimestamp(text: string): number | null {
	if (text.length > LONGEST || !DATE_TIME.test(text)) return null;
	// Digits are read directly from the text, because this runs for every event: the groups of a match would
	// cost as much as parsing its JSON.
	const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
	const month = twoDigits(text, 5);
	const day = twoDigits(text, 8);
	const hour = twoDigits(text, 11);
	const minute = twoDigits(text, 14);
	const second = twoDigits(text, 17);
	if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
	if (hour > 23 || minute > 59 || second > 60) return null;
	const offsetMinutes = readOffset(text);
	if (offsetMinutes === null) return null;
	const minuteMs = Date.UTC(year, month - 1, day, hour, minute) - offsetMinutes * MINUTE_MS;
	if (second === 60 && !mayEndInLeapSecond(minuteMs)) return null;
	return minuteMs + second * 1_000;
}

/** The offset at the end of a date and time, in minutes. Null when it is not valid. */
function readOffset(text: string): number | null {
	const sign = text[text.length - 6];
	if (sign !== '+' && sign !== '-') return 0;
	const hours = twoDigits(text, text.length - 5);
	const minutes = twoDigits(text, text.length - 2);
	if (hours > 23 || minutes > 59) return null;
	return (hours * 60 + minutes) * (sign === '-' ? -1 : 1);
}

function twoDigits(text: string, at: number): number {
	return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 11 * 0x30;
}

function daysIn(year: number, month: number): number {
	if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
	return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

function mayEndInLeapSecond(minuteMs: number): boolean {
	const next = new Date(minuteMs + MINUTE_MS);
	const isFirstOfJulyOrJanuary =
		next.getUTCDate() === 1 && (next.getUTCMonth() === 6 || next.getUTCMonth() === 0);
	return isFirstOfJulyOrJanuary && next.getUTCHours() === 0 && next.getUTCMinutes() === 0;
}
