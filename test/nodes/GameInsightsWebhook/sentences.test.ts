import type { Arrival } from '../../../nodes/GameInsightsWebhook/queue/arrival';
import type { DeadLetterReason } from '../../../nodes/shared/items/deadLetter';
import { deadLetterOfGivenUp } from '../../../nodes/GameInsightsWebhook/items/givenUpEvent';
import { deadLetterOfRejected } from '../../../nodes/GameInsightsWebhook/items/rejectedEvent';
import { itemsOf } from '../../../nodes/GameInsightsWebhook/items/outputItems';
import { NO_HISTORY, withAttempt } from '../../../nodes/shared/items/history';
import { cellsOfAttempts, cellsOfDeadLetter } from '../../../nodes/GameInsightsWebhook/journal/rows';
import { outageNotice } from '../../../nodes/GameInsightsWebhook/items/notice';
import { CircuitBreaker } from '../../../nodes/GameInsightsWebhook/queue/breaker';
import { Item } from '../../../nodes/GameInsightsWebhook/queue/item';
import { labelsOf } from '../../../nodes/shared/journal/labels';
import { verdictOn } from '../../../nodes/GameInsightsWebhook/queue/verdict';
import { taken, takenJson } from '../../support/taken';

/** What a sender writes so that it has an effect in a chat, and what must be left of that in a sentence. */
const HOSTILE = [
	'<!channel>',
	'<@U123>',
	'@everyone',
	'<https://evil.example/login|Re-login>',
	'[Re-login](https://evil.example/login)',
	'https://evil.example/login',
	'pay\u202edetcejer',
	'a\u200bb\u2066c',
	'one\ntwo\u2028three',
	'**`x`** ||y||',
];
const EFFECT =
	/<[!@#a-z]|@[a-z]|:\/\/|\]\(|\w`\*|\*\*|\|\||[\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u206f]|[\n\r]/iu;

const arrival: Arrival = {
	requestId: 'r',
	receivedAtMs: Date.UTC(2026, 0, 1),
	endpoint: '',
	sender: { method: 'apiKey', keyId: 'current', claims: null },
	source: { format: 'json', text: '{}' },
	batchSize: 1,
	bytes: 2,
	events: [],
	deadLetters: [],
};
const failureOf = (message: string) => ({
	at: '2026-01-01T00:00:00.000Z',
	executionId: '1',
	message,
	node: 'HTTP',
});

function givenUp(event: object, message: string, reason: DeadLetterReason) {
	const history = withAttempt(NO_HISTORY, failureOf(message));
	return deadLetterOfGivenUp({ arrival, index: 0, deduplicationKey: null }, JSON.stringify(event), {
		reason,
		atMs: 0,
		history,
		firstAttemptAtMs: 0,
		lastAttemptAtMs: 0,
		maxAttempts: 4,
		similar: { count: 0, firstAt: '' },
		isRetryOn: true,
		shown: 'asUsual',
	});
}

/** The item of the first dead letter of a request. */
async function itemOf(receipt: Awaited<ReturnType<typeof taken>>): Promise<any> {
	const [rejected] = receipt.rejected;
	if (rejected === undefined) throw new Error('Nothing was rejected');
	const letter = deadLetterOfRejected(rejected, receipt, '', true);
	const payload = {
		job: 'j',
		attempt: 1,
		maxAttempts: 1,
		batches: 'split',
		includeDelivery: true,
	} as const;
	const { deadLetters } = itemsOf(
		{ ...payload, lastError: null, requests: [], deadLetters: [letter] },
		String,
	);
	return deadLetters[0];
}

describe.each(HOSTILE)('%j has no effect', (text) => {
	it.each<[string, object, object]>([
		['as event_type of an event with a fault', { event_type: text, timestamp: 5 }, {}],
		['as event_id', { event_type: 5, event_id: text }, {}],
		['as a value', { event_type: 'a', timestamp: text }, {}],
		[
			'as the name of a field',
			{ event_type: 'a', properties: { [text]: 'x' } },
			{ schema: { properties: { properties: { additionalProperties: { type: 'number' } } } } },
		],
		[
			'as the name of a field that must not be',
			{ event_type: 'a', [text]: 1 },
			{ schema: { propertyNames: { pattern: '^[a-z_]{1,12}$' } } },
		],
		['as the name of another field', { event_type: 'a', [text]: { x: 1e400 } }, {}],
	])('%s', async (_, event, { schema }: { schema?: object }) => {
		const body = JSON.stringify(event).replace('null', '1e400');
		const eventSchemas = schema === undefined ? [] : [{ eventType: 'a', schema: JSON.stringify(schema) }];
		const receipt = await taken({ body }, { eventSchemas });
		const item = await itemOf(receipt);
		expect(item.summary).not.toMatch(EFFECT);
		for (const { message } of [...item.errors, ...receipt.errors]) expect(message).not.toMatch(EFFECT);
		// What was sent is not touched.
		if (item.event !== null) expect(item.event).toEqual(event);
	});

	it('as the body, the Content-Type or its charset', async () => {
		const requests = [
			taken({ body: text }),
			taken({ body: JSON.stringify(text) }),
			taken({ body: '{}', headers: [['Content-Type', text.replace(/\s/g, ' ')]] }),
			taken({
				body: '{}',
				headers: [['Content-Type', `application/json; charset=${text.replace(/\s/g, ' ')}`]],
			}),
			taken({ body: '{}', headers: [['Content-Encoding', text.replace(/\s/g, ' ')]] }),
		];
		for (const request of requests) {
			const item = await itemOf(await request);
			expect(item.summary).not.toMatch(EFFECT);
			for (const { message } of item.errors) expect(message).not.toMatch(EFFECT);
		}
		expect((await itemOf(await taken({ body: text }))).raw).toBe(text);
	});

	it.each<DeadLetterReason>(['retries_exhausted', 'non_retryable', 'expired', 'outcome_unknown'])(
		'as event_type, event_id or error message of an event given up: %s',
		(reason) => {
			const event = { event_type: text, event_id: text, user_id: text };
			const letter = givenUp(event, `Refused: ${text}`, reason);
			const { rows, ...sentences } = {
				summary: letter.summary,
				history: letter.attempts.history[0]?.message,
				lastError: letter.delivery.last_error?.message,
				rows: cellsOfDeadLetter(arrival, letter, 0),
			};
			for (const sentence of [...Object.values(sentences), rows.summary, rows.last_error]) {
				expect(sentence).not.toMatch(EFFECT);
			}
			expect(letter.eventText).toBe(JSON.stringify(event));
			expect(rows.payload).toBe(JSON.stringify(event));
		},
	);

	it('as the last error of an outage', () => {
		const breaker = new CircuitBreaker(() => 'o');
		breaker.configure({ retry: true, pauseAfterFailedEvents: 1, maxDelayMs: 1 }, 0);
		for (let at = 0; at < 3; at++) {
			const item = new Item(
				{ arrival, open: 0, executions: 0, receivedElapsedMs: 0, ageMs: null },
				{ arrival, index: at, deduplicationKey: null },
				null,
			);
			breaker.failed(breaker.started(), [item], failureOf(text), 0, 0);
		}
		const { outage } = breaker;
		if (outage === null) throw new Error('There is no outage');
		const { letter } = outageNotice({ outage, waiting: 1, nowMs: 0, nextTryAtMs: 0, endpoint: '', id: 'n' });
		const { summary, attempts, delivery } = letter;
		for (const sentence of [summary, attempts.history[0]?.message, delivery.last_error?.message]) {
			expect(sentence).not.toMatch(EFFECT);
		}
	});

	it('as the last error in the row of an event that waits for its retry', () => {
		const history = withAttempt(NO_HISTORY, failureOf(text));
		const cells = cellsOfAttempts({ history, firstAttemptAtMs: 0, lastAttemptAtMs: 0 });
		expect(cells.last_error).not.toMatch(EFFECT);
	});
});

it('an error that is not retried is known by what it says, not by what is told of it', () => {
	const settings = { retry: true, maxRetries: 3, nonRetryableErrors: ['<html>'], isolateFailures: true };
	const failure = { executionId: null, message: 'Got <html>', node: null };
	expect(verdictOn({ attempts: 1, events: 1, isPart: false }, { kind: 'failed', failure }, settings)).toEqual(
		{
			kind: 'giveUp',
			reason: 'non_retryable',
		},
	);
});

it('the labels of a row stay searchable, and show what nobody sees', () => {
	expect(labelsOf([{ event_type: 'a.b_c', user_id: 'anna@studio.com' }])).toEqual({
		event_type: 'a.b_c',
		user_id: 'anna@studio.com',
	});
	expect(labelsOf([{ event_type: 'a\u202eb\nc', user_id: '\u200bx' }])).toEqual({
		event_type: 'a\\u202eb c',
		user_id: '\\u200bx',
	});
});

it('a person still reads what happened', async () => {
	const receipt = await takenJson({ event_type: '<!channel> level_complete', timestamp: 'soon' });
	expect((await itemOf(receipt)).summary).toBe(
		'The event ("‹!channel› level_complete") was not accepted: `timestamp` must be a date and time like 2026-01-31T12:00:00Z, it is the text "soon".',
	);
	expect(
		givenUp(
			{ event_type: 'order.paid', event_id: 'e-1' },
			'No answer from https://api.shop.com/x',
			'retries_exhausted',
		).summary,
	).toBe(
		'The "order.paid" event "e-1" could not be processed: after 1 attempt the node "HTTP" failed with "No answer from https:∕∕api․shop․com/x".',
	);
});
