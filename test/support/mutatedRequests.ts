import fc from 'fast-check';
import { validEvent } from './generatedEvents';
import type { RequestParts } from './incomingRequest';

/** Pieces of JSON that readers stumble over. */
const TOKENS = [
	...[
		'{',
		'}',
		'[',
		']',
		',',
		':',
		'"',
		'\\',
		'\n',
		'\r\n',
		' ',
		'\ufeff',
		'\u0000',
		'\u2028',
		'null',
		'true',
		'-',
		'1e400',
		'-0',
		'1e-400',
	],
	...[
		'"__proto__":',
		'"constructor":',
		'"event_type":',
		'"events":',
		'"events":[',
		'"event_id":""',
		'"timestamp":"2026-13-01T00:00:00Z"',
		'\\ud800',
		'\\u0000',
		'{"event_type":"a"}',
		'9007199254740993',
		'""',
		'[[[[[[[[',
	],
];
const CONTENT_TYPES = [
	...[
		'application/json',
		'application/json; charset=utf-8',
		'application/json; charset=utf-16',
		'application/x-ndjson',
		'text/plain',
		'text/html',
		'',
	],
	...[
		'application/x-www-form-urlencoded',
		'application/vnd.api+json',
		'APPLICATION/JSON;;',
		'application/json; charset="',
		'multipart/form-data; boundary=x',
		'*/*',
	],
];

const KINDS = ['flip', 'insert', 'insert', 'cut', 'double', 'truncate', 'bytes', 'deepen', 'number'] as const;

interface Mutation {
	readonly kind: (typeof KINDS)[number];
	/** Where in the body, as a fraction of its length. */
	readonly at: number;
	readonly length: number;
	readonly token: string;
	readonly bytes: Uint8Array;
}

/**
 * Whole numbers below a bound, the same again from the same seed (mulberry32); many times quicker than
 * fast-check's.
 */
function numbersFrom(seed: number): (bound: number) => number {
	let state = seed;
	return (bound) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
	};
}

const mutationFrom = (below: (bound: number) => number): Mutation => ({
	kind: KINDS[below(KINDS.length)] ?? 'flip',
	at: below(10_000) / 10_000,
	length: 1 + below(12),
	token: TOKENS[below(TOKENS.length)] ?? '',
	bytes: Uint8Array.from({ length: 1 + below(8) }, () => below(256)),
});

function mutated(body: Buffer, { kind, at, length, token, bytes }: Mutation): Buffer {
	const start = Math.floor(at * body.length);
	const before = body.subarray(0, start);
	const after = body.subarray(start);
	switch (kind) {
		case 'flip': {
			const copy = Buffer.from(body);
			if (copy.length > 0) copy[start] = (copy[start] ?? 0) ^ (1 << (length % 8));
			return copy;
		}
		case 'insert':
			return Buffer.concat([before, Buffer.from(token), after]);
		case 'cut':
			return Buffer.concat([before, body.subarray(start + length)]);
		case 'double':
			return Buffer.concat([before, after.subarray(0, length), after]);
		case 'truncate':
			return before;
		case 'bytes':
			return Buffer.concat([before, bytes, after]);
		case 'deepen':
			return Buffer.concat([
				before,
				Buffer.from('['.repeat(length * 60)),
				after,
				Buffer.from(']'.repeat(length * 60)),
			]);
		case 'number':
			return Buffer.from(body.toString('latin1').replace(/\d+/, token), 'latin1');
	}
}

type Form = 'one' | 'events' | 'array' | 'lines';

function bodyOf(form: Form, events: readonly object[]): string {
	if (form === 'one') return JSON.stringify(events[0]);
	if (form === 'events') return JSON.stringify({ events });
	return form === 'array' ? JSON.stringify(events) : events.map((event) => JSON.stringify(event)).join('\n');
}

/** How many requests are made of one valid request. */
const VARIANTS = 25;

/**
 * Requests as nobody should send them, some 25 at a time, without credentials: whoever sends them adds what
 * fits. Most are made of a valid request by up to three changes to its bytes, some have another content type,
 * some are bytes of no form at all.
 */
export const mutatedRequests: fc.Arbitrary<RequestParts[]> = fc
	.record({
		form: fc.constantFrom<Form>('one', 'events', 'array', 'lines'),
		events: fc.array(validEvent, { minLength: 1, maxLength: 4 }),
		seed: fc.integer(),
	})
	.map(({ form, events, seed }) => {
		const below = numbersFrom(seed);
		const usual = form === 'lines' ? 'application/x-ndjson' : 'application/json';
		const valid = Buffer.from(bodyOf(form, events));
		return Array.from({ length: VARIANTS }, (): RequestParts => {
			const isRaw = below(10) === 0;
			const mutations = Array.from({ length: below(4) }, () => mutationFrom(below));
			const contentType = below(5) === 0 ? CONTENT_TYPES[below(CONTENT_TYPES.length)] : undefined;
			return {
				headers: [['Content-Type', contentType ?? usual]],
				body: isRaw
					? Buffer.from(Array.from({ length: below(200) }, () => below(256)))
					: mutations.reduce(mutated, valid),
			};
		});
	});
