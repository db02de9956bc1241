import { NUMBER_BOUNDS, readNumber } from '../../../../nodes/GameInsightsWebhook/panel/numberBounds';
import { readSettings, texts } from '../../../../nodes/GameInsightsWebhook/panel/settings';

const names = Object.keys(NUMBER_BOUNDS) as Array<keyof typeof NUMBER_BOUNDS>;

describe('a number that a user can type', () => {
	describe.each(names)('%s', (name) => {
		const { default: otherwise, min, max } = NUMBER_BOUNDS[name];

		it.each([
			['nothing', undefined, otherwise],
			['null', null, otherwise],
			['an empty text', '', otherwise],
			['blanks', '   ', otherwise],
			['not a number', Number.NaN, otherwise],
			['a word', 'soon', otherwise],
			['an expression', '={{ 5 }}', otherwise],
			['true', true, otherwise],
			['a list', [7], otherwise],
			['an object', { value: 7 }, otherwise],
			['minus infinity', Number.NEGATIVE_INFINITY, min],
			['a negative number', -1e9, min],
			['infinity', Number.POSITIVE_INFINITY, max],
			['a huge number', 1e300, max],
			['the smallest', min, min],
			['the largest', max, max],
			['a number as text', String(max), max],
		])('%s', (_, typed, expected) => {
			expect(readNumber(name, typed)).toBe(expected);
		});
	});
});

describe('settings', () => {
	/** All numbers, however deep. */
	const numbersIn = (value: unknown): number[] => {
		if (typeof value === 'number') return [value];
		return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
	};

	it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 'soon', '', null, {}, [7]])(
		'have only finite numbers from 0 on when every number field holds %p: the queue does not check again',
		(typed) => {
			const fields = Object.fromEntries(names.map((name) => [name, typed]));
			const numbers = numbersIn(readSettings({ ...fields, durable: true, options: fields }));
			expect(numbers.length).toBeGreaterThanOrEqual(names.length - 2);
			expect(numbers.filter((number) => !Number.isFinite(number) || number < 0)).toEqual([]);
		},
	);

	it("are the contract's defaults when nothing is set", () => {
		expect(readSettings({})).toEqual({
			authentication: 'apiKey',
			batches: 'split',
			respond: 'onAccept',
			journal: null,
			endpointName: '',
			includeDelivery: true,
			intake: {
				maxEventsPerRequest: 1000,
				invalidEvents: 'deadLetter',
				requiredFields: [],
				orderBy: '',
				eventTypes: [],
				eventSchemas: [],
				rateLimit: null,
				rateLimitPerAddress: null,
				ipAllowlist: [],
				allowedOrigins: [],
				eventFormat: { name: 'gameInsights', paths: null },
				responseBody: '',
			},
			delivery: {
				respond: 'onAccept',
				retry: true,
				maxRetries: 3,
				initialDelayMs: 1000,
				backoffMultiplier: 2,
				maxDelayMs: 60_000,
				jitter: true,
				maxAgeMs: 86_400_000,
				nonRetryableErrors: [],
				isolateFailures: true,
				pauseAfterFailedEvents: 25,
				executionPer: 'request',
				maxEventsPerExecution: 100,
				maxConcurrentExecutions: 5,
				maxPendingEvents: 1000,
				acceptTimeoutMs: null,
				deduplicationWindowMs: 600_000,
			},
		});
	});

	it('take what the user set, with times in milliseconds', () => {
		const settings = readSettings({
			authentication: 'jwt',
			batches: 'keep',
			respond: 'onFinish',
			retry: false,
			maxRetries: 7.9,
			options: {
				maxAge: 0.5,
				acceptTimeout: 1.5,
				deduplicationWindow: 0,
				executionPer: 'group',
				jitter: false,
			},
		});
		expect(settings).toMatchObject({ authentication: 'jwt', batches: 'keep', respond: 'onFinish' });
		expect(settings.delivery).toMatchObject({
			retry: false,
			maxRetries: 7,
			maxAgeMs: 1_800_000,
			acceptTimeoutMs: 1_500,
			deduplicationWindowMs: 0,
			executionPer: 'group',
			jitter: false,
		});
	});

	it.each([
		['is left out', undefined, null],
		['is empty', '', null],
		['is blank', ' ', null],
		['is null', null, null],
		['is 0', 0, 100],
		['is a number as a text', '2.5', 2_500],
		['is endless', Infinity, 60_000],
		['is no number', 'long', 20_000],
	])('leave the accept timeout to the sender only when it %s or empty', (_, acceptTimeout, expectedMs) => {
		expect(readSettings({ options: { acceptTimeout } }).delivery.acceptTimeoutMs).toBe(expectedMs);
	});

	it.each([
		['a list instead of options', { options: [] }],
		['a text instead of options', { options: 'all' }],
		['unknown choices', { authentication: 'none', batches: 'both', respond: 'never' }],
	])('never fail and never become insecure: %s', (_, parameters) => {
		expect(readSettings(parameters)).toEqual(readSettings({}));
	});
});

describe('texts', () => {
	it.each([
		['a, b,,a , ', ['a', 'b']],
		['one\ntwo', ['one', 'two']],
		[
			['Invalid currency, sorry', ' ', 'x'],
			['Invalid currency, sorry', 'x'],
		],
		[undefined, []],
		[5, []],
		[[1, null, 'y'], ['y']],
	])('%j are %j', (typed, expected) => {
		expect(texts(typed)).toEqual(expected);
	});
});

describe('what lets requests in', () => {
	const intakeOf = (options: object) => readSettings({ options }).intake;

	it('event schemas are texts, whether they were typed or come from an expression', () => {
		const rows = [
			{ eventType: ' purchase ', schema: '{"type": "object"}' },
			{ eventType: 'level', schema: { type: 'object' } },
			{ eventType: 5 },
			'nonsense',
		];
		expect(intakeOf({ eventSchemas: { schemas: rows } }).eventSchemas).toEqual([
			{ eventType: 'purchase', schema: '{"type": "object"}' },
			{ eventType: 'level', schema: '{"type":"object"}' },
			{ eventType: '', schema: '' },
		]);
		expect(intakeOf({ eventSchemas: null }).eventSchemas).toEqual([]);
	});

	it.each([
		[undefined, null],
		[60, 60],
		['90', 90],
		[0, 1],
		[-5, 1],
		[1.9, 1],
		[Number.NaN, 600],
		['', 600],
		[null, 600],
		[1e9, 1_000_000],
	])('a rate limit of %p is %p requests a minute', (typed, limit) => {
		expect(intakeOf({ rateLimit: typed }).rateLimit).toBe(limit);
	});

	it.each([
		[undefined, null],
		[60, 60],
		['', 60],
		[0, 1],
		[1e9, 1_000_000],
	])('a rate limit per address of %p is %p requests a minute', (typed, limit) => {
		expect(intakeOf({ rateLimitPerAddress: typed })).toMatchObject({
			rateLimit: null,
			rateLimitPerAddress: limit,
		});
	});

	it.each([
		['192.0.2.1, 2001:db8::/32\n203.0.113.0/24,', ['192.0.2.1', '2001:db8::/32', '203.0.113.0/24']],
		[['192.0.2.1', ' 192.0.2.1 '], ['192.0.2.1']],
		['', []],
		[undefined, []],
		[5, ['the number 5']],
		[{}, ['an object']],
		[
			['192.0.2.1', null],
			['192.0.2.1', 'null'],
		],
	])('an IP allowlist of %j has the entries %j: nothing typed by mistake opens it', (typed, entries) => {
		expect(intakeOf({ ipAllowlist: typed }).ipAllowlist).toEqual(entries);
	});
});

describe('the journal', () => {
	it('has its defaults when durable is on', () => {
		expect(readSettings({ durable: true }).journal).toEqual({
			tableName: 'game_insights_journal',
			keepProcessedMs: 0,
			keepDeadLettersMs: 90 * 86_400_000,
			maxDeadLetters: 100_000,
			maxBytes: 100 * 1024 * 1024,
		});
	});

	it.each([
		[{ journalTable: '  ' }, 'game_insights_journal'],
		[{ journalTable: ' mine ' }, 'mine'],
		[{ journalTable: 7 }, 'game_insights_journal'],
		[{ journalTable: 'x'.repeat(200) }, 'x'.repeat(110)],
	])('%j names the table %s', (options, tableName) => {
		expect(readSettings({ durable: true, options }).journal?.tableName).toBe(tableName);
	});

	it.each([
		[{ keepProcessed: 2 }, { keepProcessedMs: 7_200_000 }],
		[{ keepProcessed: -1 }, { keepProcessedMs: 0 }],
		[{ keepProcessed: Number.NaN }, { keepProcessedMs: 0 }],
		[{ maxJournalSize: 0 }, { maxBytes: 1024 * 1024 }],
		[{ keepDeadLetters: 0 }, { keepDeadLettersMs: 0 }],
		[{ keepDeadLetters: 0.5 }, { keepDeadLettersMs: 43_200_000 }],
		[{ keepDeadLetters: 'x' }, { keepDeadLettersMs: 90 * 86_400_000 }],
		[{ maxDeadLetters: 0 }, { maxDeadLetters: 1 }],
		[{ maxDeadLetters: 10.9 }, { maxDeadLetters: 10 }],
	])('%j gives %j', (options, expected) => {
		expect(readSettings({ durable: true, options }).journal).toMatchObject(expected);
	});
});
