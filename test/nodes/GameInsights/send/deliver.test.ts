import { gunzipSync, gzipSync } from 'node:zlib';
import type { HttpAnswer } from '../../../../nodes/GameInsights/send/answer';
import {
	deliver,
	type Destination,
	type OutgoingRequest,
	type SendPorts,
} from '../../../../nodes/GameInsights/send/deliver';
import { retryAfterMs } from '../../../../nodes/GameInsights/send/retryAfter';

const START_MS = Date.UTC(2026, 0, 15, 12);
const RECEIPT = {
	...{ status: 'accepted', request_id: 'r', received: 0 },
	...{ accepted: 0, dead_lettered: 0, duplicates: 0, ignored: 0, errors: [] },
};
const answer = (status: number, headers: HttpAnswer['headers'] = {}): HttpAnswer => ({
	status,
	headers,
	body: status === 200 ? RECEIPT : undefined,
});

/** A receiver that gives these answers one after the other, and then the last one for ever. */
class Receiver implements SendPorts {
	readonly requests: OutgoingRequest[] = [];
	readonly waits: number[] = [];
	private nowMs = START_MS;
	constructor(private readonly answers: ReadonlyArray<HttpAnswer | Error>) {}
	now = () => this.nowMs;
	random = () => 0.5;
	newId = () => 'id';
	gzip = async (body: Buffer) => gzipSync(body);
	sleep = async (milliseconds: number) => {
		this.waits.push(milliseconds);
		this.nowMs += milliseconds;
	};
	post = async (request: OutgoingRequest) => {
		this.requests.push(request);
		const next = this.answers[Math.min(this.requests.length, this.answers.length) - 1];
		if (next instanceof Error) throw next;
		return next as HttpAnswer;
	};
}

const destination = (more: Partial<Destination> = {}): Destination => ({
	url: 'https://n8n.test/webhook/x',
	signer: async (body, { nowMs }) => ({ 'x-signature': `${nowMs}:${body.length}` }),
	compress: false,
	retry: { maxRetries: 3, initialDelayMs: 1_000, maxDelayMs: 60_000 },
	...more,
});

async function sent(answers: ReadonlyArray<HttpAnswer | Error>, more: Partial<Destination> = {}) {
	const receiver = new Receiver(answers);
	const delivery = await deliver('{"events":[]}', destination(more), receiver);
	return { delivery, ...receiver, requests: receiver.requests, waits: receiver.waits };
}

describe('a request', () => {
	it('that is answered well is sent once', async () => {
		const { delivery, requests, waits } = await sent([answer(200)]);
		expect(delivery).toEqual({ kind: 'answered', answer: answer(200), attempts: 1 });
		expect(waits).toEqual([]);
		expect(requests).toEqual([
			{
				url: 'https://n8n.test/webhook/x',
				headers: { 'content-type': 'application/json', 'x-signature': `${START_MS}:13` },
				body: Buffer.from('{"events":[]}'),
			},
		]);
	});

	it.each([301, 400, 401, 403, 413, 415])('that is refused with %i is not sent again', async (status) => {
		const { delivery, requests } = await sent([answer(status)]);
		expect(delivery).toMatchObject({ kind: 'answered', answer: { status }, attempts: 1 });
		expect(requests).toHaveLength(1);
	});

	it.each([404, 408, 429, 500, 502, 503, 504])(
		'that is answered %i is sent again after growing delays, signed anew each time',
		async (status) => {
			const { delivery, requests, waits } = await sent([answer(status), answer(status), answer(200)]);
			expect(delivery).toMatchObject({ answer: { status: 200 }, attempts: 3 });
			expect(waits).toEqual([1_000, 2_000]);
			expect(requests.map(({ headers }) => headers['x-signature'])).toEqual([
				`${START_MS}:13`,
				`${START_MS + 1_000}:13`,
				`${START_MS + 3_000}:13`,
			]);
		},
	);

	it('is sent again after a 200 that is no receipt: n8n answers so while it starts', async () => {
		const starting: HttpAnswer = { status: 200, headers: {}, body: undefined };
		const { delivery, waits } = await sent([starting, starting, answer(200)]);
		expect(delivery).toMatchObject({ answer: answer(200), attempts: 3 });
		expect(waits).toEqual([1_000, 2_000]);
	});

	it('that nobody answers is sent again, and given up after the last retry', async () => {
		const { delivery, waits } = await sent([new Error('connect ECONNREFUSED')]);
		expect(delivery).toEqual({ kind: 'unanswered', message: 'connect ECONNREFUSED', attempts: 4 });
		expect(waits).toEqual([1_000, 2_000, 4_000]);
	});

	it('waits as long as the receiver asks, and never less than its own delay', async () => {
		const busy = answer(429, { 'retry-after': '7' });
		const impatient = answer(429, { 'retry-after': '1' });
		expect((await sent([busy, answer(200)])).waits).toEqual([7_000]);
		expect((await sent([impatient, impatient, impatient, answer(200)])).waits).toEqual([1_000, 2_000, 4_000]);
	});

	it('is given up when the receiver asks for more than the longest wait', async () => {
		const { delivery, waits } = await sent([answer(503, { 'retry-after': '61' })]);
		expect(delivery).toMatchObject({ answer: { status: 503 }, attempts: 1 });
		expect(waits).toEqual([]);
	});

	it('never waits longer than the longest wait by itself', async () => {
		const retry = { maxRetries: 5, initialDelayMs: 1_000, maxDelayMs: 3_000 };
		const { waits } = await sent([answer(500)], { retry });
		expect(waits).toHaveLength(5);
		expect(Math.max(...waits)).toBeLessThanOrEqual(3_000);
	});

	it('is sent once without retries', async () => {
		const retry = { maxRetries: 0, initialDelayMs: 1_000, maxDelayMs: 60_000 };
		expect((await sent([answer(503)], { retry })).delivery).toMatchObject({ attempts: 1 });
	});

	it('can go gzipped, with the signature over the unpacked body', async () => {
		const { requests } = await sent([answer(200)], { compress: true });
		expect(requests[0]?.headers).toMatchObject({
			'content-encoding': 'gzip',
			'x-signature': `${START_MS}:13`,
		});
		expect(gunzipSync(requests[0]?.body ?? Buffer.alloc(0)).toString()).toBe('{"events":[]}');
	});

	it('ends with the execution that is stopped while it waits', async () => {
		const receiver = new Receiver([answer(500)]);
		receiver.sleep = () => Promise.reject(new Error('stopped'));
		await expect(deliver('{}', destination(), receiver)).rejects.toThrow('stopped');
		expect(receiver.requests).toHaveLength(1);
	});
});

describe('Retry-After', () => {
	it.each([
		['0', 0],
		['120', 120_000],
		[5, 5_000],
		['Thu, 15 Jan 2026 12:00:30 GMT', 30_000],
		['Thu, 15 Jan 2026 11:00:00 GMT', 0],
		['99999999999', 31_536_000_000],
	])('%p is %p ms', (value, milliseconds) => {
		expect(retryAfterMs({ 'retry-after': value }, START_MS)).toBe(milliseconds);
	});

	it.each([undefined, '', '-1', '1.5', 'soon', 'Mon, nonsense', ['1'], null])('%p says nothing', (value) => {
		expect(retryAfterMs({ 'retry-after': value }, START_MS)).toBeNull();
	});
});
