import type { Arrival, Execution, Outcome, JobContent } from '../../nodes/GameInsightsWebhook/queue/arrival';
import type { DeadLetter } from '../../nodes/shared/items/deadLetter';
import { Queue } from '../../nodes/GameInsightsWebhook/queue/queue';
import { settle, VirtualClock } from '../support/virtualClock';
import { Broken, Ledger, type Tally, textOf } from './ledger';
import { type Behaviour, FATAL, type Plan, type Step } from './plan';
import type { Started } from './books';

/** What the trigger's watchdog gives an execution without an end. */
const LONGEST_EXECUTION_MS = 3_600_000;
const CLOSING_MS = 10_000;
const MOST_HELD_BYTES = 64 * 1024 * 1024;

/** How n8n behaves once the trouble is over. */
const HEALED: Behaviour = {
	emit: 'starts',
	beginsAfterMs: 0,
	endsAfterMs: 1,
	isHeard: true,
	ends: 'well',
};

/** Plays a plan on a queue from its first request until everything has come to rest, and keeps the books. */
export async function play(plan: Plan, tally: Tally): Promise<void> {
	const history = new History(plan, tally);
	await history.run();
}

class History {
	private readonly clock = new VirtualClock();
	private readonly ledger: Ledger;
	private readonly queue: Queue;
	private readonly readable = new Set<string>();
	private broken: unknown = null;
	private ids = 0;
	private requests = 0;
	private openings = 0;
	private executions = 0;
	private randoms = 0;
	private isHealed = false;
	private closings = 0;

	constructor(
		private readonly plan: Plan,
		tally: Tally,
	) {
		this.ledger = new Ledger(this.clock.now, tally);
		this.queue = new Queue({
			now: this.clock.now,
			elapsedMs: this.clock.elapsedMs,
			// Between two things that happen the queue is looked at.
			sleep: async (milliseconds) => {
				await this.clock.sleep(milliseconds);
			},
			random: () => this.next(plan.randoms, this.randoms++),
			newId: () => `content-${++this.ids}`,
			eventTexts: ({ text }, indexes) => {
				if (!this.readable.has(text)) throw new Error('The text is gone');
				return indexes.map((index) => textOf(`${text}.${index}`));
			},
			log: {
				error: (message) => {
					if (message.includes('is lost')) this.ledger.lostLetters++;
				},
			},
		});
	}

	async run(): Promise<void> {
		this.open();
		for (const step of this.plan.steps) {
			await this.take(step);
			this.lookAt();
		}
		this.isHealed = true;
		this.open();
		for (let hours = 0; this.clock.sleeping > 0; hours++) {
			if (hours > 200) throw new Broken('the queue comes to rest');
			await this.clock.advance(3_600_000);
			this.lookAt();
		}
		this.ledger.settle();
		const { keys, isPaused, ...size } = this.queue.size;
		this.demand('no outage is under way', !isPaused);
		this.demand(
			'nothing is left behind',
			Object.values(size).every((number) => number === 0),
			size,
		);
		this.demand('no key is left behind', keys <= this.ledger.processedKeys, keys);
		this.demand('every closing comes to its end', this.closings === 0);
	}

	private async take(step: Step): Promise<void> {
		switch (step.kind) {
			case 'offer':
				this.offer(step);
				await settle();
				return;
			case 'pause':
				await this.clock.advance(step.milliseconds);
				return;
			case 'close':
				this.close();
				await settle();
				return;
			case 'open':
				this.open();
				await settle();
		}
	}

	private open(): void {
		const settings = this.next(this.plan.settings, this.openings++);
		const opening = this.openings;
		this.ledger.opened(settings);
		this.queue.open((content) => {
			this.demand('executions start by the last opening', opening === this.openings);
			return this.start(content);
		}, settings);
	}

	private close(): void {
		const closedAtMs = this.clock.now();
		this.ledger.isOpen = false;
		this.closings++;
		const opening = this.openings;
		void this.queue.close().then(() => {
			this.closings--;
			const tookMs = this.clock.now() - closedAtMs;
			const isOver = this.ledger.running === 0 || opening !== this.openings;
			this.demand('closing waits for what runs, 10 s at most', isOver || tookMs === CLOSING_MS, tookMs);
		});
	}

	private offer(step: Step & { kind: 'offer' }): void {
		const { ledger, queue } = this;
		const requestId = `request-${++this.requests}`;
		const arrival: Arrival = {
			requestId,
			receivedAtMs: this.clock.now() - step.ageMs,
			endpoint: 'orders',
			sender: { method: 'apiKey', keyId: 'current', claims: null },
			source: { format: 'json', text: requestId },
			senderWaitsMs: step.senderWaitsMs,
			batchSize: step.events.length + step.deadLetters,
			bytes: step.bytes,
			events: step.events.map(({ key }, index) => ({
				index,
				deduplicationKey: key === null ? null : `key-${key}`,
			})),
			deadLetters: Array.from({ length: step.deadLetters }, (_, place) =>
				invalidEvent(requestId, step.events.length + place),
			),
		};
		if (step.isReadable) this.readable.add(requestId);
		const before = queue.size;
		const { maxPendingEvents } = ledger.settings;
		const request = ledger.offering(arrival, step.events, step.isReadable);
		const answer = queue.offer(arrival);
		const after = queue.size;
		if ('retryAfterSeconds' in answer) {
			this.demand('a refused request leaves nothing', before.waiting === after.waiting, before, after);
			this.demand('a refused request leaves nothing', before.heldBytes === after.heldBytes, before, after);
			ledger.refused(request, answer.retryAfterSeconds, before.waiting + before.heldBytes === 0);
			return;
		}
		if (answer.accepted + step.deadLetters > 0) {
			const fits = before.waiting === 0 || after.waiting <= maxPendingEvents;
			this.demand('what waits is bounded', fits, before, after, maxPendingEvents);
			const isHeld = before.heldBytes === 0 || after.heldBytes <= MOST_HELD_BYTES;
			this.demand('the bodies held are bounded', isHeld, before, after);
		}
		ledger.accepted(request, answer.accepted, answer.duplicates);
		void answer.kept.then((kept) =>
			this.guard(() => {
				this.demand('a queue in memory needs no table', kept === 'kept' || kept === 'withdrawn', kept);
				ledger.kept(request, kept === 'kept' ? 'kept' : 'withdrawn');
			}),
		);
		void answer.finished.then((finish) => this.guard(() => ledger.finished(request, finish)));
	}

	private start(content: JobContent): Execution {
		const started = this.guard(() => this.ledger.started(content));
		const behaviour = this.isHealed ? HEALED : this.next(this.plan.behaviours, this.executions++);
		if (started === undefined) return { begun: never(), ended: never() };
		if (behaviour.emit === 'throws') {
			this.end(started, unknown('emit failed'));
			throw new Error('emit failed');
		}
		if (behaviour.emit === 'rejects') {
			this.end(started, unknown('lost'));
			return { begun: Promise.reject(new Error('lost')), ended: Promise.reject(new Error('lost')) };
		}
		let resolveBegun!: () => void;
		let resolveEnded!: (outcome: Outcome) => void;
		const begun = new Promise<void>((resolve) => (resolveBegun = resolve));
		const ended = new Promise<Outcome>((resolve) => (resolveEnded = resolve));
		const endsAfterMs = behaviour.endsAfterMs ?? LONGEST_EXECUTION_MS;
		const beginsAfterMs = behaviour.beginsAfterMs ?? Number.POSITIVE_INFINITY;
		const begin = (): void => {
			this.guard(() => this.begin(started));
			if (behaviour.isHeard && !started.isSkipped) {
				this.guard(() => this.ledger.begun(started));
				resolveBegun();
			}
		};
		const finish = (): void => {
			const hasRun = beginsAfterMs <= endsAfterMs;
			const outcome = hasRun ? this.outcomeOf(started, behaviour) : unknown('never began');
			this.end(started, outcome);
			resolveEnded(outcome);
		};
		if (beginsAfterMs <= endsAfterMs) {
			void this.later(beginsAfterMs, begin).then(() => this.later(endsAfterMs - beginsAfterMs, finish));
		} else {
			void this.later(endsAfterMs, finish).then(async () => {
				if (Number.isFinite(beginsAfterMs)) await this.later(beginsAfterMs - endsAfterMs, begin);
			});
		}
		return { begun, ended };
	}

	/** `execute()`, in this process or elsewhere. */
	private begin(started: Started): void {
		if (this.plan.mode === 'queue') return;
		this.ledger.asked(started, this.queue.isWithdrawn(started.content.id));
	}

	private outcomeOf({ told, isSkipped, content }: Started, { ends }: Behaviour): Outcome {
		if (isSkipped) return { kind: 'processed' };
		const failing = content.kind === 'events' ? told.filter(({ failures }) => failures > 0) : [];
		for (const each of failing) each.failures--;
		const failure = { executionId: '7', message: 'The database is gone', node: 'Save' };
		if (ends === 'fatal') return { kind: 'failed', failure: { ...failure, message: FATAL } };
		if (ends === 'unknown') return unknown('cancelled');
		if (ends === 'failed' || failing.length > 0) return { kind: 'failed', failure };
		return ends === 'asleep' ? { kind: 'asleep', executionId: '7' } : { kind: 'processed' };
	}

	private end(started: Started, outcome: Outcome): void {
		this.guard(() => this.ledger.ended(started, outcome));
	}

	private async later(milliseconds: number, happen: () => void): Promise<void> {
		await this.clock.sleep(milliseconds);
		happen();
	}

	private lookAt(): void {
		if (this.broken !== null) throw this.broken as Error;
		this.guard(() => this.ledger.atRest());
		if (this.broken !== null) throw this.broken as Error;
	}

	private demand(promise: string, holds: boolean, ...about: unknown[]): void {
		if (!holds) this.broken ??= new Broken(`${promise}: ${JSON.stringify(about)}`);
		if (this.broken !== null) throw this.broken as Error;
	}

	/** The queue swallows what its ports throw: a broken promise is kept until somebody looks. */
	private guard<T>(look: () => T): T | undefined {
		try {
			return look();
		} catch (error) {
			this.broken ??= error;
			return undefined;
		}
	}

	/** In turn, from the start again when there are no more. */
	private next<T>(list: readonly T[], place: number): T {
		return list[place % list.length] as T;
	}
}

const never = <T>(): Promise<T> => new Promise(() => undefined);

const unknown = (message: string): Outcome & { kind: 'unknown' } => ({
	kind: 'unknown',
	failure: { executionId: null, message, node: null },
});

function invalidEvent(requestId: string, index: number): DeadLetter {
	const at = '2026-01-01T00:00:00.000Z';
	return {
		...{ eventText: null, raw: 'x', summary: `Event ${index} of ${requestId} has no type.` },
		...{ reason: 'invalid_event', stage: 'validate', errors: [] },
		attempts: { count: 0, max: 0, firstAt: null, lastAt: null, history: [] },
		...{ receivedAt: at, deadLetteredAt: at },
		delivery: {
			...{ id: `${requestId}.${index}`, attempt: 0, max_attempts: 0, automatic_retry: true },
			...{ received_at: at, endpoint: 'orders', request_id: requestId },
			batch: { id: requestId, index, size: index + 1 },
			auth: { method: 'apiKey', key_id: 'current', claims: null },
			last_error: null,
		},
		redrive: { count: 0, of: null },
	};
}
