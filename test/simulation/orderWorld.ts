import type { Arrival, Execution, JobContent, Outcome } from '../../nodes/GameInsightsWebhook/queue/arrival';
import type { DeliverySettings } from '../../nodes/GameInsightsWebhook/queue/deliverySettings';
import { Queue } from '../../nodes/GameInsightsWebhook/queue/queue';
import { OrderBooks } from './orderBooks';
import { SimulatedTime, seeded } from './journalTime';

const EPOCH_MS = 1_700_000_000_000;
const HOUR_MS = 3_600_000;
const FAILURE = { executionId: '7', message: 'The database is gone', node: 'Save' };

/** What came of a world. */
export interface OrderReport {
	readonly books: OrderBooks;
	readonly accepted: number;
	readonly refused: number;
	readonly processed: number;
	readonly deadLettered: number;
	readonly withdrawn: number;
	/** Events that never came to an end. */
	readonly left: number;
}

/**
 * A queue in memory whose events have values of `orderBy`: one of them hot, some without; everything from one
 * seed.
 */
export async function playOrder(seed: number, requests: number): Promise<OrderReport> {
	const random = seeded(seed);
	const pick = <T>(...list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
	const time = new SimulatedTime();
	const books = new OrderBooks();
	const failures = new Map<string, number>();
	const begun = new Set<string>();
	const open = new Set<string>();
	const sum = { accepted: 0, refused: 0, processed: 0, deadLettered: 0, withdrawn: 0 };
	let ids = 0;
	let isAway = false;
	let isHealed = false;
	const longestMs = pick(5, 50, 500);
	const values = pick(1, 5, 50);

	const queue = new Queue({
		now: () => EPOCH_MS + time.nowMs,
		elapsedMs: () => time.nowMs,
		sleep: time.sleep,
		random,
		newId: () => `id-${++ids}`,
		eventTexts: (_, indexes) => indexes.map(() => '{}'),
		log: { error: () => undefined },
	});
	const settings = (): DeliverySettings => ({
		respond: 'onAccept',
		retry: pick(true, true, true, false),
		maxRetries: pick(0, 1, 3),
		initialDelayMs: pick(0, 50, 1_000),
		backoffMultiplier: 2,
		maxDelayMs: pick(700, 60_000),
		jitter: true,
		maxAgeMs: pick(5_000, HOUR_MS, HOUR_MS),
		nonRetryableErrors: [],
		isolateFailures: pick(true, true, false),
		pauseAfterFailedEvents: pick(0, 3, 25),
		executionPer: pick('request', 'event', 'group'),
		maxEventsPerExecution: pick(3, 10, 100),
		maxConcurrentExecutions: pick(1, 3, 5),
		maxPendingEvents: pick(20, 200, 1_000),
		acceptTimeoutMs: pick(4_000, 60_000, 60_000),
		deduplicationWindowMs: 0,
	});

	const end = (id: string, how: 'processed' | 'deadLettered' | 'withdrawn'): void => {
		if (!open.delete(id)) throw new Error(`${id} ends twice`);
		sum[how]++;
		books.over(id);
	};
	const start = (content: JobContent): Execution => {
		if (content.kind === 'deadLetters') {
			for (const { delivery, stage } of content.deadLetters)
				if (stage !== 'notice') end(delivery.id, 'deadLettered');
			return { begun: Promise.resolve(), ended: time.sleep(1).then(() => ({ kind: 'processed' })) };
		}
		const own = content.events.map(({ arrival, index }) => `${arrival.requestId}.${index}`);
		for (const id of own) if (!open.has(id)) throw new Error(`${id} runs although it is over`);
		const running = books.started(own);
		const isRefused = !isHealed && random() < 0.01;
		if (isRefused) {
			books.ended(running);
			throw new Error('n8n takes no execution');
		}
		for (const id of own) begun.add(id);
		const ended = time.sleep(random() * longestMs).then((): Outcome => {
			const bad = own.filter((id) => (failures.get(id) ?? 0) > 0);
			for (const id of bad) failures.set(id, (failures.get(id) as number) - 1);
			books.ended(running);
			if (!isHealed && random() < 0.02) return { kind: 'unknown', failure: FAILURE };
			if (isAway || bad.length > 0) return { kind: 'failed', failure: FAILURE };
			for (const id of own) end(id, 'processed');
			return { kind: 'processed' };
		});
		return { begun: Promise.resolve(), ended };
	};

	const offer = (requestId: string): void => {
		const size = random() < 0.5 ? 1 : 1 + Math.floor(random() * 40);
		const keys = Array.from({ length: size }, () => {
			if (random() < 0.1) return null;
			return random() < 0.4 ? '=hot' : `=${Math.floor(random() * values)}`;
		});
		const arrival: Arrival = {
			requestId,
			receivedAtMs: EPOCH_MS + time.nowMs,
			endpoint: 'orders',
			sender: { method: 'apiKey', keyId: 'current', claims: null },
			source: { format: 'json', text: '' },
			batchSize: size,
			bytes: 100 * size,
			events: keys.map((orderKey, index) => ({
				...{ index, deduplicationKey: null },
				...(orderKey === null ? {} : { orderKey }),
			})),
			deadLetters: [],
		};
		const own = keys.map((_, index) => `${requestId}.${index}`);
		for (const [index, id] of own.entries()) {
			books.came(id, keys[index] ?? null);
			open.add(id);
			const luck = random();
			if (luck < 0.05) failures.set(id, luck < 0.02 ? Infinity : 1 + Math.floor(random() * 3));
		}
		const answer = queue.offer(arrival);
		const forget = (id: string): void => {
			open.delete(id);
			books.over(id);
		};
		if ('retryAfterSeconds' in answer) {
			sum.refused += size;
			own.forEach(forget);
			return;
		}
		sum.accepted += size;
		void answer.kept.then((kept) => {
			if (kept === 'kept') return;
			// What had begun is carried through.
			for (const id of own) if (open.has(id) && !begun.has(id)) end(id, 'withdrawn');
		});
	};

	const spreadMs = requests * pick(50, 200, 400);
	for (let away = 0; away < 2; away++) {
		const fromMs = random() * spreadMs;
		time.at(fromMs, () => (isAway = true));
		time.at(fromMs + random() * 60_000, () => (isAway = false));
	}
	for (let publishing = 0; publishing < 3; publishing++) {
		time.at(random() * spreadMs, () => {
			void queue.close();
			time.at(time.nowMs + random() * 3_000, () => queue.open(start, settings()));
		});
	}
	queue.open(start, settings());
	for (let request = 0; request < requests; request++)
		time.at(random() * spreadMs, () => offer(`r${request}`));
	await time.until(() => time.nowMs >= spreadMs, spreadMs);
	await time.until(() => false, 70_000);
	isHealed = true;
	isAway = false;
	queue.open(start, settings());
	await time.until(() => open.size === 0 && queue.size.running === 0, 20 * HOUR_MS);
	return { books, ...sum, left: open.size + queue.size.waiting };
}
