/** A date and time as n8n's date picker writes it: without an offset. */
const WITHOUT_OFFSET = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$/;

/**
 * A time as it stands in a field: a text, or what an expression like `{{ $now }}` gives.
 * @param zone the time zone of a text without an offset, e.g. `Europe/Berlin`
 * @returns milliseconds since the epoch; null for what is no time
 */
export function epochMsOf(value: unknown, zone: string): number | null {
	if (typeof value === 'object' && value !== null) return finite(Number(value.valueOf()));
	if (typeof value === 'number') return finite(value);
	if (typeof value !== 'string') return null;
	const text = value.trim();
	if (!WITHOUT_OFFSET.test(text)) return finite(Date.parse(text));
	const utcMs = Date.parse(`${text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T')}Z`);
	if (Number.isNaN(utcMs)) return null;
	// The offset at that moment, not at the one an offset earlier: where clocks change between the two it
	// differs.
	const firstMs = utcMs - offsetMs(utcMs, zone);
	return utcMs - offsetMs(firstMs, zone);
}

const finite = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);

/** How far the clocks of a time zone are ahead of UTC. */
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
