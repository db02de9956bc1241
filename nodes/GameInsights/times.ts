/** A date and time in the form of n8n's date picker: without an offset. */
const WITHOUT_OFFSET = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$/;

/**
 * Reads a time from a field: a text, or the value of an expression such as `{{ $now }}`.
 * @param zone the time zone of a text without an offset, e.g. `Europe/Berlin`
 * @returns milliseconds since the epoch; null for a value that is no time
 */
export function epochMsOf(value: unknown, zone: string): number | null {
	if (typeof value === 'object' && value !== null) return finite(Number(value.valueOf()));
	if (typeof value === 'number') return finite(value);
	if (typeof value !== 'string') return null;
	const text = value.trim();
	if (!WITHOUT_OFFSET.test(text)) return finite(Date.parse(text));
	const utcMs = Date.parse(`${text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T')}Z`);
	if (Number.isNaN(utcMs)) return null;
	// The offset is read again at the resulting time: if clocks change between the two times, the offsets
	// differ.
	const firstMs = utcMs - offsetMs(utcMs, zone);
	return utcMs - offsetMs(firstMs, zone);
}

const finite = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);

/** How far the local time of a time zone is ahead of UTC. */
function offsetMs(epochMs: number, zone: string): number {
	const format = new Intl.DateTimeFormat('en-US', {
		timeZone: zone,
		hourCycle: 'h23',
		...{ year: 'numeric', month: 'numeric', day: 'numeric' },
		...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
	});
	const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, Number(value)]));
	const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
	const shownMs = Date.UTC(
		...([part('year'), part('month') - 1, part('day')] as const),
		...([part('hour'), part('minute'), part('second')] as const),
	);
	return shownMs - Math.floor(epochMs / 1_000) * 1_000;
}
