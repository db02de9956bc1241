import { type Delivery, readAnswerBody } from '../../../../nodes/GameInsights/send/answer';
import { gather } from '../../../../nodes/GameInsights/send/batch';
import { verdictItem } from '../../../../nodes/GameInsights/send/verdictItem';
import { verdictsOn } from '../../../../nodes/GameInsights/send/verdict';
import {
	busy,
	receiptReply,
	refusalReply,
	type Taken,
} from '../../../../nodes/GameInsightsWebhook/intake/reply';
import { Refusal } from '../../../../nodes/shared/refusal';
import { takenJson } from '../../../support/taken';

const NOW_MS = Date.UTC(2026, 0, 15, 12);

const good = { event_type: 'purchase', event_id: 'e' };
const bad = { event_type: 5 };

function answered(events: object[], reply: { status: number; headers?: object; body: unknown }) {
	const [batch] = gather(
		events.map((event, itemIndex) => ({ event: event as Record<string, unknown>, itemIndex, redrive: null })),
		1_000,
	);
	if (batch === undefined) throw new Error('Nothing to send');
	const headers = Object.fromEntries(
		Object.entries(reply.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value as unknown]),
	);
	const answer = { status: reply.status, headers, body: readAnswerBody(JSON.stringify(reply.body)) };
	const delivery: Delivery = { kind: 'answered', answer, attempts: 1 };
	return verdictsOn(batch, delivery, NOW_MS);
}

/** Judged by the answer the trigger really gives to these events. */
async function judged(events: object[], taken: Partial<Taken> = {}, settings: object = {}) {
	const receipt = await takenJson({ events }, settings);
	const accepted = receipt.accepted.length - (taken.duplicates ?? 0);
	const reply = receiptReply(receipt, { status: 'accepted', accepted, duplicates: 0, ...taken });
	return answered(events, reply);
}

const statuses = (verdicts: Array<{ status: string }>) => verdicts.map(({ status }) => status);

describe('the verdict on an event', () => {
	it('is accepted when it was', async () => {
		expect(await judged([good])).toEqual([
			{
				event: { event: good, itemIndex: 0, redrive: null },
				status: 'accepted',
				message: null,
				errors: [],
				request: {
					httpStatus: 200,
					id: '5f0c1f57-0b53-4f1c-9d0a-3a5f7c7d4e11',
					attempts: 1,
					retryAfterSeconds: null,
					index: 0,
					size: 1,
				},
			},
		]);
	});

	it('is processed when the answer waited for the workflow', async () => {
		expect(statuses(await judged([good, good], { status: 'processed' }))).toEqual(['processed', 'processed']);
	});

	it('is dead_lettered with its faults, and accepted for the others of the request', async () => {
		const verdicts = await judged([good, bad, good]);
		expect(statuses(verdicts)).toEqual(['accepted', 'dead_lettered', 'accepted']);
		expect(verdicts[1]).toMatchObject({
			errors: [
				{ code: 'type', path: '/event_type', message: '`event_type` must be text, it is the number 5' },
			],
			message: 'The receiver kept the event as a dead letter: `event_type` must be text, it is the number 5.',
		});
	});

	it('is duplicate or ignored when all are', async () => {
		expect(statuses(await judged([good, good], { duplicates: 2 }))).toEqual(['duplicate', 'duplicate']);
		const ignored = await judged([good, good], {}, { eventTypes: ['level'] });
		expect(statuses(ignored)).toEqual(['ignored', 'ignored']);
		expect(statuses(await judged([bad, good], { duplicates: 1 }))).toEqual(['dead_lettered', 'duplicate']);
	});

	it('is no more than taken where the answer only counts', async () => {
		expect(statuses(await judged([good, good], { duplicates: 1 }))).toEqual(['taken', 'taken']);
		expect(statuses(await judged([good, good], { status: 'dead_lettered' }))).toEqual(['taken', 'taken']);
		const events = Array.from({ length: 150 }, (_, n) => (n < 149 ? bad : good));
		const verdicts = statuses(await judged(events));
		expect(verdicts.slice(0, 100)).toEqual(Array(100).fill('dead_lettered'));
		expect(new Set(verdicts.slice(100))).toEqual(new Set(['taken']));
	});

	it('is dead_lettered when its execution failed', async () => {
		expect(await judged([good], { status: 'dead_lettered' })).toMatchObject([
			{
				status: 'dead_lettered',
				errors: [],
				message: 'The workflow failed, and the receiver kept the event as a dead letter.',
			},
		]);
	});

	it('is rejected when none of the request is valid, each with its own faults', async () => {
		const verdicts = await judged([bad, {}]);
		expect(verdicts).toMatchObject([
			{ status: 'rejected', request: { httpStatus: 400 }, errors: [{ code: 'type' }] },
			{ status: 'rejected', request: { httpStatus: 400 }, errors: [{ code: 'required' }] },
		]);
		expect(verdicts[0]?.message).toBe(
			'The webhook answered 400 (invalid_events): None of the events is valid.',
		);
	});

	it('is rejected with what to do about it when the sender is not known', () => {
		const refusal = new Refusal(401, 'unauthorized', 'The request is not authorized.');
		expect(answered([good], refusalReply(refusal, 'r', undefined))).toMatchObject([
			{
				status: 'rejected',
				request: { httpStatus: 401, id: 'r' },
				message: expect.stringMatching(
					/^The webhook answered 401 \(unauthorized\): .* Choose the same authentication and credential/,
				),
			},
		]);
	});

	it('is failed with what to do about it when nobody is there', () => {
		const body = { code: 404, message: 'The requested webhook is not registered' };
		expect(answered([good], { status: 404, body })).toMatchObject([
			{
				status: 'failed',
				message:
					'The webhook answered 404: The requested webhook is not registered. Check the URL, and that the receiving workflow is published. For a test URL, click "Execute step" on its trigger first.',
			},
		]);
	});

	it('is failed when the receiver is busy, with the time to come back', () => {
		expect(answered([good], refusalReply(busy(7), 'r', undefined))).toMatchObject([
			{ status: 'failed', request: { httpStatus: 429, retryAfterSeconds: 7 } },
		]);
	});

	it('is failed when nothing answered', () => {
		const [batch] = gather([{ event: good, itemIndex: 0, redrive: null }], 1);
		if (batch === undefined) throw new Error('Nothing to send');
		expect(
			verdictsOn(batch, { kind: 'unanswered', message: 'connect ECONNREFUSED', attempts: 4 }, NOW_MS),
		).toMatchObject([
			{
				status: 'failed',
				message: 'The webhook did not answer: connect ECONNREFUSED',
				request: { httpStatus: null, id: null, attempts: 4 },
			},
		]);
	});

	it.each([
		['no body', undefined],
		['a text', 'OK'],
		['a list', [1]],
		['null', null],
		['numbers where texts belong', { request_id: 5, errors: [{ index: 'a' }, null, 7], duplicates: 'x' }],
	])('is failed when 200 comes with %s: nothing says that it was taken', (_, body) => {
		expect(answered([good], { status: 200, body })).toMatchObject([
			{
				status: 'failed',
				message: expect.stringContaining('The URL answered 200, but not like a Game Insights Webhook'),
			},
		]);
	});

	const receipt = { status: 'accepted', request_id: 'r', received: 1 };
	const counts = { accepted: 1, dead_lettered: 0, duplicates: 0, ignored: 0 };

	it('is accepted whatever else the receipt holds', () => {
		const body = { ...receipt, ...counts, errors: [{ index: 'a' }, null, 7], more: 'x' };
		expect(statuses(answered([good], { status: 200, body }))).toEqual(['accepted']);
	});

	it.each<[string, object]>([
		['an error', { status: 'error' }],
		['a status alone', { status: 'accepted' }],
		['no request id', { ...receipt, ...counts, request_id: 5 }],
		['counts that do not add up', { ...receipt, ...counts, accepted: 0 }],
		['a receipt for other events', { ...receipt, ...counts, received: 2, accepted: 2 }],
		['a receipt for none', { ...receipt, ...counts, received: 0, accepted: 0 }],
	])('is failed when 200 comes with %s', (_, body) => {
		expect(statuses(answered([good], { status: 200, body }))).toEqual(['failed']);
	});

	it('has no hint for a code that is an inherited name', () => {
		const body = { error: { code: 'constructor', message: 'No.' } };
		expect(answered([good], { status: 400, body })).toMatchObject([
			{ status: 'rejected', message: 'The webhook answered 400 (constructor): No.' },
		]);
	});

	it('tells what an address says without effect', () => {
		const body = { error: { code: 'x', message: '<!channel> see https://evil.example' } };
		expect(answered([good], { status: 400, body })[0]?.message).toBe(
			'The webhook answered 400 (x): ‹!channel› see https:∕∕evil․example.',
		);
	});

	it('becomes an item with the event and, where there is one, its redrive', async () => {
		const [verdict] = await judged([good]);
		if (verdict === undefined) throw new Error('No verdict');
		expect(verdictItem(verdict)).toEqual({
			status: 'accepted',
			event_id: 'e',
			event_type: 'purchase',
			errors: [],
			request: {
				http_status: 200,
				id: '5f0c1f57-0b53-4f1c-9d0a-3a5f7c7d4e11',
				attempts: 1,
				index: 0,
				size: 1,
			},
			event: good,
		});
		const redrive = { count: 1, of: 'd' };
		expect(verdictItem({ ...verdict, event: { ...verdict.event, redrive } })).toMatchObject({ redrive });
	});
});
