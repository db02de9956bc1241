import type {
	Arrival,
	FailedOutcome,
	JobContent,
	Outcome,
} from '../../nodes/GameInsightsWebhook/queue/arrival';
import { JITTER } from '../../nodes/shared/backoff';
import type { DeadLetter } from '../../nodes/shared/items/deadLetter';
import type { DeliverySettings } from '../../nodes/GameInsightsWebhook/queue/deliverySettings';
import type { Finish } from '../../nodes/GameInsightsWebhook/queue/pendingReply';
import type { PlannedEvent } from './plan';
import type { End, Next, Offered, Search, Started, Told } from './books';

const LATEST_ANSWER_MS = 25_000;
/** The bound of executions for the events of a request. */
const MOST_EXECUTIONS = 64;
/** Groups gather while an execution before them begins, this long at most. */
const LONGEST_GATHERING_MS = 1_000;

/** What stands for the text of an event. */
export const textOf = (id: string): string => `{"event_type":"a","event_id":"${id}"}`;

/** Thrown when the queue breaks a promise. */
export class Broken extends Error {}

function must(holds: boolean, promise: string, ...about: unknown[]): asserts holds {
	if (!holds) throw new Broken(`${promise}: ${about.map((each) => JSON.stringify(each)).join(', ')}`);
}

/** What all histories together came to. */
export interface Tally {
	requests: number;
	refused: number;
	accepted: number;
	duplicates: number;
	executions: number;
	/** Events and dead letters carried by executions, each time they were. */
	deliveries: number;
	processed: number;
	deadLettered: number;
	handedBack: number;
	withdrawn: number;
	lost: number;
}

/** The search that an event is part of; a new one for what has just failed as a whole. */
function searchOf(left: readonly Told[]): Search {
	const [{ next, attempts }] = left as [Told, ...Told[]];
	if (next.kind === 'isolate') return next.search;
	const requests = new Set(left.map(({ request }) => request));
	return { size: left.length, most: MOST_EXECUTIONS - attempts, executions: 0, requests };
}

/** Whether a search has come to its bounds, or to its last tries of what is left. */
const isExhausted = ({ executions, most, requests }: Search): boolean =>
	executions >= most || [...requests].some((request) => request.executions >= MOST_EXECUTIONS);

/**
 * Keeps the books over a queue from outside: what was offered, started, begun and ended, and what senders
 * were told. Knows the promises of docs/delivery.md and nothing of how the queue keeps them.
 */
export class Ledger {
	settings!: DeliverySettings;
	isOpen = false;
	running = 0;
	/** Messages in the log about dead letters that are lost. */
	lostLetters = 0;
	private smallestWindowMs = Number.POSITIVE_INFINITY;
	private largestWindowMs = 0;
	/** An event may have been given up under settings that were gone before its dead letter began. */
	private smallestMaxAgeMs = Number.POSITIVE_INFINITY;
	private readonly requests: Offered[] = [];
	private readonly toldById = new Map<string, Told>();
	private readonly byKey = new Map<string, Told[]>();
	private readonly underWay = new Set<Started>();
	private readonly startedById = new Map<string, Started>();
	/** Those that certainly wait for a slot or their time. */
	private readonly waiting = new Set<Told>();
	/** What can be judged only when everybody has been told what happened in this turn of the event loop. */
	private readonly doubts: Array<() => void> = [];
	private lastFirst: readonly [request: number, index: number] = [-1, -1];

	constructor(
		private readonly now: () => number,
		private readonly tally: Tally,
	) {}

	opened(settings: DeliverySettings): void {
		this.isOpen = true;
		this.settings = settings;
		this.smallestWindowMs = Math.min(this.smallestWindowMs, settings.deduplicationWindowMs);
		this.largestWindowMs = Math.max(this.largestWindowMs, settings.deduplicationWindowMs);
		this.smallestMaxAgeMs = Math.min(this.smallestMaxAgeMs, settings.maxAgeMs);
	}

	/** A request is about to be offered. */
	offering(arrival: Arrival, planned: readonly PlannedEvent[], isReadable: boolean): Offered {
		const { settings } = this;
		const request: Offered = {
			place: this.requests.length,
			settings,
			atMs: this.now(),
			receivedAtMs: arrival.receivedAtMs,
			acceptTimeoutMs:
				settings.acceptTimeoutMs ??
				(arrival.senderWaitsMs === undefined ? 20_000 : arrival.senderWaitsMs - 1_000),
			isReadable,
			executions: 0,
			events: [],
			letters: [],
			joined: [],
			accepted: undefined,
			kept: undefined,
			finished: undefined,
			isWhole: false,
		};
		const told = (index: number, isEvent: boolean, key: string | null, failures: number): Told => ({
			...{ id: `${arrival.requestId}.${index}`, request, isEvent, index, key, failures },
			...{ isOwn: true, attempts: 0, failed: 0, isPart: false, running: null, letterAttempts: 0 },
			...{
				hasLetterBegun: false,
				hasBegun: false,
				next: { kind: 'first' },
				end: null,
				endedAtMs: 0,
				takenOnes: [request],
			},
			isBlurred: false,
		});
		const seen = new Set<string>();
		const isKeyed = settings.deduplicationWindowMs > 0;
		for (const [index, { failures }] of planned.entries()) {
			const key = isKeyed ? (arrival.events[index]?.deduplicationKey ?? null) : null;
			const event = told(index, true, key, failures);
			if (key !== null) {
				event.isOwn = seen.has(key) ? false : this.isNew(key);
				seen.add(key);
			}
			request.events.push(event);
		}
		for (let place = 0; place < arrival.deadLetters.length; place++) {
			request.letters.push(told(planned.length + place, false, null, 0));
		}
		for (const each of [...request.events, ...request.letters]) this.toldById.set(each.id, each);
		this.requests.push(request);
		return request;
	}

	/** Whether a key was not there before; undefined where that can't be seen from outside. */
	private isNew(key: string): boolean | undefined {
		let isNew: boolean | undefined = true;
		for (const earlier of this.byKey.get(key) ?? []) {
			const isThere = this.isThere(earlier);
			if (isThere === true) return false;
			if (isThere === undefined) isNew = undefined;
		}
		return isNew;
	}

	private isThere(earlier: Told): boolean | undefined {
		const nowMs = this.now();
		if (earlier.isOwn === false) return false;
		if (earlier.end === 'processed') {
			if (earlier.endedAtMs + this.largestWindowMs <= nowMs) return false;
			return earlier.endedAtMs + this.smallestWindowMs > nowMs ? true : undefined;
		}
		if (earlier.end !== null || earlier.letterAttempts > 0) return false;
		const isCertain =
			earlier.isOwn === true &&
			earlier.next.kind !== 'giveUp' &&
			!earlier.isBlurred &&
			nowMs - earlier.request.receivedAtMs <= this.smallestMaxAgeMs &&
			!this.mayBeDropped(earlier);
		return isCertain ? true : undefined;
	}

	/** Whether nobody was promised anything about it, and nobody may wait for it. */
	private mayBeDropped(told: Told): boolean {
		return !told.hasBegun && told.takenOnes.every(({ kept }) => kept === 'withdrawn');
	}

	refused(request: Offered, retryAfterSeconds: number, wasEmpty: boolean): void {
		request.accepted = null;
		this.tally.refused++;
		must(
			Number.isInteger(retryAfterSeconds) && retryAfterSeconds >= 1 && retryAfterSeconds <= 60,
			'Retry-After is from 1 to 60 s',
			retryAfterSeconds,
		);
		must(
			!wasEmpty || request.events.some(({ key }) => key !== null),
			'an empty queue takes any request',
			request.place,
		);
		for (const told of [...request.events, ...request.letters]) {
			must(told.attempts + told.letterAttempts === 0, 'nothing of a refused request runs', told.id);
		}
	}

	accepted(request: Offered, accepted: number, duplicates: number): void {
		const { events, letters } = request;
		request.accepted = accepted;
		this.tally.requests++;
		this.tally.accepted += accepted;
		this.tally.duplicates += duplicates;
		must(accepted + duplicates === events.length, 'each event is new or a duplicate', request.place);
		const certain = events.filter(({ isOwn }) => isOwn === true).length;
		const possible = events.filter(({ isOwn }) => isOwn !== false).length;
		must(accepted >= certain, 'what is new is not taken for a duplicate', request.place, accepted, certain);
		must(accepted <= possible, 'what was there before is a duplicate', request.place, accepted, possible);
		if (accepted === possible) for (const event of events) event.isOwn ??= true;
		if (accepted === certain) for (const event of events) event.isOwn ??= false;
		const seen = new Set<string>();
		for (const event of events) {
			if (event.key !== null && !seen.has(event.key)) this.meet(event, request);
			if (event.key !== null) seen.add(event.key);
			if (event.isOwn === true && event.attempts === 0 && event.letterAttempts === 0) this.waiting.add(event);
		}
		for (const letter of letters) if (letter.letterAttempts === 0) this.waiting.add(letter);
	}

	/** Books whom a repeat may wait for, and who holds the key from now on. */
	private meet(event: Told, request: Offered): void {
		const key = event.key as string;
		const all = this.byKey.get(key) ?? [];
		if (event.isOwn !== true) {
			for (const earlier of all) {
				if (earlier.end === 'processed' || earlier.isOwn === false) continue;
				earlier.takenOnes.push(request);
				request.joined.push(earlier);
				if (event.isOwn === undefined || earlier.end !== null) earlier.isBlurred = true;
			}
		}
		// What is taken for new shows that nobody has the key any more.
		this.byKey.set(key, event.isOwn === true ? [event] : [...all, event]);
	}

	started(content: JobContent): Started {
		const { settings } = this;
		must(this.isOpen, 'nothing starts while closed', content.id);
		must(this.running < settings.maxConcurrentExecutions, 'slots are bounded', this.running);
		this.running++;
		this.tally.executions++;
		const ids =
			content.kind === 'events'
				? content.events.map(({ arrival, index }) => `${arrival.requestId}.${index}`)
				: content.deadLetters.map(({ delivery }) => delivery.id);
		must(ids.length > 0, 'no execution is empty', content.id);
		must(new Set(ids).size === ids.length, 'nothing is twice in an execution', content.id, ids);
		this.tally.deliveries += ids.length;
		const told = ids.map((id) => this.toldById.get(id) as Told);
		const started: Started = {
			...{
				content,
				told,
				atMs: this.now(),
				left: [],
				isSkipped: false,
				isOver: false,
				overAtMs: null,
				hasBegun: false,
			},
		};
		for (const each of told) {
			must(each.request.accepted !== null, 'nothing of a refused request runs', each.id);
			must(each.end === null, `nothing runs after its end (${each.end})`, each.id);
			must(each.running === null, 'nothing runs twice at a time', each.id);
			must(each.isOwn !== false, 'no duplicate runs', each.id);
			must(
				each.hasBegun || each.isBlurred || each.takenOnes.some(({ kept }) => kept !== 'withdrawn'),
				'what was withdrawn does not run',
				each.id,
			);
			each.isOwn = true;
			each.running = started;
			this.waiting.delete(each);
		}
		if (content.kind === 'events') this.eventsStarted(content, started);
		else this.lettersStarted(content.deadLetters, started);
		this.startedById.set(content.id, started);
		this.underWay.add(started);
		return started;
	}

	private eventsStarted(content: JobContent & { kind: 'events' }, started: Started): void {
		const { settings } = this;
		const { told } = started;
		const [first] = told as [Told, ...Told[]];
		const { attempts, next } = first;
		for (const request of new Set(told.map((each) => each.request))) request.executions++;
		for (const [place, each] of told.entries()) {
			const attempt = content.tried?.[place]?.attempts ?? content.attempt;
			must(attempt === each.attempts + 1, 'attempts are counted', content.id, attempt, each.attempts);
			const failed = content.tried?.[place]?.history.count ?? (content.lastError === null ? 0 : each.failed);
			must(failed === each.failed, 'a retry tells the last error', content.id);
			const ageMs = this.now() - each.request.receivedAtMs;
			must(ageMs <= settings.maxAgeMs, 'what is too old does not run', each.id, ageMs);
			must(each.next.kind === first.next.kind, 'events of one kind run together', content.id);
			if (next.kind !== 'isolate')
				must(each.attempts === attempts, 'events run together all the time', each.id);
			each.attempts++;
		}
		if (next.kind === 'first') this.firstStarted(started, settings);
		else if (next.kind === 'giveUp') must(false, 'what was given up does not run', first.id);
		else this.againStarted(started, next);
	}

	private firstStarted({ told }: Started, settings: DeliverySettings): void {
		const { executionPer, maxEventsPerExecution } = settings;
		const requests = new Set(told.map(({ request }) => request));
		if (executionPer === 'event') must(told.length === 1, 'an event runs alone', told.length);
		if (executionPer === 'group') {
			must(told.length <= maxEventsPerExecution, 'groups are bounded', told.length);
		}
		if (executionPer === 'request') must(requests.size === 1, 'a request runs alone', requests.size);
		for (const { request, index, id } of told) {
			const [place, before] = this.lastFirst;
			const isInOrder = request.place > place || (request.place === place && index > before);
			must(isInOrder, 'what came first starts first', id, this.lastFirst);
			this.lastFirst = [request.place, index];
			must(!request.isWhole, 'a batch is never half taken', id);
		}
		if (executionPer === 'request') for (const request of requests) request.isWhole = true;
	}

	/** The same events once more, or a part of them. */
	private againStarted({ told, content }: Started, next: Next & { kind: 'retry' | 'isolate' }): void {
		if (next.kind === 'isolate') {
			const { search } = next;
			for (const each of told) {
				must((each.next as typeof next).search === search, 'one search at a time', each.id);
			}
			must(
				told.length < search.size || search.executions > 0,
				'a part is smaller than the whole',
				content.id,
			);
			must(++search.executions <= search.most, 'a search is bounded', content.id, search);
			return;
		}
		const { of } = next;
		for (const each of told) {
			must((each.next as typeof next).of === of, 'events that ran together go on together', each.id);
		}
		let place = -1;
		for (const each of told) {
			const found = of.left.indexOf(each, place + 1);
			must(found > place, 'the order of events stays', content.id);
			place = found;
		}
		const nowMs = this.now();
		must(nowMs >= next.fromMs, 'no attempt comes early', content.id, nowMs - next.fromMs);
		for (const each of of.left) {
			if (told.includes(each) || each.isBlurred) continue;
			const isOld = nowMs - each.request.receivedAtMs > this.settings.maxAgeMs;
			must(isOld || !each.hasBegun, 'a retry carries all events', content.id, each.id);
		}
	}

	private lettersStarted(letters: readonly DeadLetter[], { told }: Started): void {
		const nowMs = this.now();
		for (const [place, each] of told.entries()) {
			const letter = letters[place] as DeadLetter;
			const { next } = each;
			if (next.kind === 'retry') must(nowMs >= next.fromMs, 'no dead letter comes early', each.id);
			if (each.isEvent && each.letterAttempts === 0) this.letterMade(each, letter);
			if (!each.isEvent) must(letter.reason === 'invalid_event', 'dead letters stay as they are', each.id);
			each.letterAttempts++;
		}
	}

	private letterMade(event: Told, letter: DeadLetter): void {
		const { next } = event;
		const isExpired = letter.reason === 'expired';
		const bornAtMs = Date.parse(letter.deadLetteredAt);
		if (isExpired) must(bornAtMs > event.request.receivedAtMs, 'only old events expire', event.id);
		else {
			const isTogether = next.kind === 'isolate' && isExhausted(next.search);
			if (isTogether)
				must(letter.summary.includes('together with other events'), 'it says so', letter.summary);
			const reason =
				next.kind === 'giveUp' ? next.reason : isTogether ? 'retries_exhausted' : 'none: attempts are left';
			this.doubts.push(() =>
				must(
					event.isBlurred || letter.reason === reason,
					'an event is given up when and why it must be',
					...[event.id, letter.reason, reason],
				),
			);
		}
		must(letter.attempts.count === event.failed, 'all attempts are told', event.id, letter.attempts.count);
		must(letter.attempts.history.length === Math.min(20, event.failed), 'attempts are told', event.id);
		const text = event.request.isReadable ? textOf(event.id) : null;
		must(letter.eventText === text, 'a dead letter carries its event', event.id, letter.eventText);
	}

	/** For `execute()` in the same process. */
	asked(started: Started, isWithdrawn: boolean): void {
		const current = this.startedById.get(started.content.id) as Started;
		if (current.isOver || current.isSkipped) return;
		const mayBe = current.told.every((each) => this.mayBeDropped(each));
		const isBlurred = current.told.some((each) => each.isBlurred);
		must(!isWithdrawn || mayBe || isBlurred, 'what somebody waits for is not skipped', started.content.id);
		must(isWithdrawn || !mayBe || isBlurred, 'what nobody waits for is skipped', started.content.id);
		if (!isWithdrawn) return;
		started.isSkipped = true;
		current.isSkipped = true;
		for (const each of current.told) this.end(each, 'withdrawn');
	}

	begun(started: Started): void {
		started.hasBegun = true;
		for (const each of started.told) {
			if (each.end !== null) continue;
			each.hasBegun = true;
			if (started.content.kind === 'deadLetters') {
				each.hasLetterBegun = true;
				// One that was tried again meanwhile ends with that; one that still waits has ended now.
				if (each.running === null) this.end(each, 'deadLettered');
			}
		}
	}

	/** n8n is about to tell how an execution ended. */
	ended(started: Started, outcome: Outcome): void {
		started.isOver = true;
		this.underWay.delete(started);
		started.overAtMs = this.now();
		this.running--;
		for (const each of started.told) if (each.running === started) each.running = null;
		if (started.isSkipped) return;
		if (outcome.kind !== 'unknown') {
			started.hasBegun = true;
			for (const each of started.told) each.hasBegun = true;
		}
		if (started.content.kind === 'deadLetters') this.lettersEnded(started);
		// In memory nobody follows an execution that sleeps.
		else if (outcome.kind === 'processed' || outcome.kind === 'asleep') {
			for (const each of started.told) this.end(each, 'processed');
		} else this.eventsFailed(started, outcome);
	}

	private eventsFailed(started: Started, outcome: FailedOutcome): void {
		const { settings } = this;
		this.dropUnwanted(started);
		const { left } = started;
		const [first] = left;
		if (first === undefined) return;
		for (const each of left) each.failed++;
		const isFatal = settings.nonRetryableErrors.some((text) => outcome.failure.message.includes(text));
		let next: Next;
		if (settings.retry && !isFatal && !first.isPart && first.attempts <= settings.maxRetries) {
			next = this.retryOf(started, first.attempts);
		} else if (settings.retry && left.length > 1 && (first.isPart || settings.isolateFailures)) {
			next = { kind: 'isolate', of: started, search: searchOf(left) };
			for (const each of left) each.isPart = true;
		} else {
			const reason = outcome.kind === 'unknown' ? 'outcome_unknown' : 'retries_exhausted';
			next = {
				kind: 'giveUp',
				of: started,
				reason: isFatal ? 'non_retryable' : reason,
				isRetryOn: settings.retry,
			};
		}
		for (const each of left) {
			each.next = next;
			// Which of two may wait for the other can't be told; they are watched at the end.
			if (next.kind === 'retry') this.waiting.add(each);
		}
	}

	private lettersEnded(started: Started): void {
		if (started.hasBegun || started.told.some(({ hasLetterBegun }) => hasLetterBegun)) {
			for (const each of started.told) this.end(each, 'deadLettered');
			return;
		}
		this.dropUnwanted(started);
		for (const each of started.left) {
			if (each.letterAttempts <= this.settings.maxRetries) {
				each.next = this.retryOf(started, each.letterAttempts);
				this.waiting.add(each);
			} else this.end(each, 'lost');
		}
	}

	private retryOf(of: Started, failedAttempts: number): Next {
		const { initialDelayMs, backoffMultiplier, maxDelayMs, jitter } = this.settings;
		const plainMs =
			initialDelayMs === 0
				? 0
				: Math.min(initialDelayMs * backoffMultiplier ** (failedAttempts - 1), maxDelayMs);
		const spread = jitter ? JITTER : 0;
		const nowMs = this.now();
		return {
			kind: 'retry',
			of,
			fromMs: nowMs + plainMs * (1 - spread),
			toMs: nowMs + Math.min(plainMs * (1 + spread), Math.max(maxDelayMs, plainMs)) + 1,
		};
	}

	/** What has not begun and nobody waits for is gone with its execution. */
	private dropUnwanted(started: Started): void {
		started.left = started.told.filter((each) => {
			if (!this.mayBeDropped(each) || each.end !== null) return each.end === null;
			if (each.isBlurred) return true;
			this.end(each, 'withdrawn');
			return false;
		});
		if (started.left.some(({ isBlurred }) => isBlurred))
			for (const each of started.left) each.isBlurred = true;
	}

	private end(told: Told, end: End): void {
		told.end = end;
		told.endedAtMs = this.now();
		this.waiting.delete(told);
	}

	kept(request: Offered, kept: 'kept' | 'withdrawn'): void {
		must(request.kept === undefined, 'a request is answered once', request.place);
		request.kept = kept;
		const { atMs, events, letters } = request;
		const tookMs = this.now() - atMs;
		must(tookMs <= LATEST_ANSWER_MS + 1, 'no answer takes longer than 25 s', request.place, tookMs);
		if (kept === 'kept') {
			for (const each of [...events, ...letters]) {
				if (each.isOwn !== true) continue;
				must(each.hasBegun, 'kept means that everything has begun', request.place, each.id);
			}
			return;
		}
		const isEarly = tookMs < request.acceptTimeoutMs;
		const isLost = [...events, ...letters, ...request.joined].some(
			({ end, next, isBlurred }) => isBlurred || end === 'lost' || next.kind === 'giveUp',
		);
		must(!isEarly || isLost, 'a request is given its time', request.place, tookMs);
		// What waits is taken out again; what n8n has been given is decided when that begins or ends.
		for (const each of [...events, ...letters, ...request.joined]) {
			// When both happen in one turn of the event loop it can't be seen which came first.
			const of = each.next.kind === 'first' ? null : each.next.of;
			if (of?.overAtMs === this.now()) for (const other of of.left) other.isBlurred = true;
			const isGone = each.running === null && each.end === null && this.mayBeDropped(each);
			if (isGone && !each.isBlurred) this.end(each, 'withdrawn');
		}
	}

	finished(request: Offered, finished: Finish): void {
		must(request.finished === undefined, 'a request is answered once', request.place);
		request.finished = finished;
		const { atMs, events, letters, joined, settings } = request;
		const own = events.filter(({ isOwn }) => isOwn === true);
		const all = [...own, ...letters];
		const isBlurred = all.some((each) => each.isBlurred);
		switch (finished) {
			case 'processed':
				must(
					letters.length === 0 && own.every(({ end }) => end === 'processed'),
					'processed means that all events are',
					request.place,
				);
				return;
			case 'dead_lettered':
				must(
					isBlurred || all.every(({ end }) => end === 'processed' || end === 'deadLettered'),
					'dead-lettered means that nothing is left',
					request.place,
				);
				return;
			case 'pending': {
				const isTime = settings.respond === 'onAccept' || this.now() - atMs >= LATEST_ANSWER_MS;
				must(isTime, 'an answer waits for the end for 25 s', request.place, this.now() - atMs);
				return;
			}
			case 'failed': {
				const isReason = [...all, ...joined].some(
					({ end, next, isBlurred: mayBe }) =>
						mayBe || end === 'deadLettered' || end === 'lost' || (next.kind === 'giveUp' && !next.isRetryOn),
				);
				must(isReason, 'failed means that something failed', request.place);
				return;
			}
			case 'withdrawn':
			case 'unreachable':
			case 'full':
			case 'tooLarge':
			case 'refused':
				must(request.kept === 'withdrawn', 'withdrawn is withdrawn', request.place);
		}
	}

	/** Between two things that happen: while a slot is free, nothing waits that may start. */
	atRest(): void {
		for (const doubt of this.doubts.splice(0)) doubt();
		const nowMs = this.now();
		const { executionPer, maxConcurrentExecutions } = this.settings;
		if (!this.isOpen || this.running >= maxConcurrentExecutions) return;
		const isBeginning = (one: Started): boolean => !one.hasBegun && nowMs < one.atMs + LONGEST_GATHERING_MS;
		if (executionPer === 'group' && [...this.underWay].some(isBeginning)) return;
		for (const each of this.waiting) {
			const { next } = each;
			const isDue = next.kind === 'first' || (next.kind === 'retry' && next.toMs < nowMs);
			if (!isDue || each.end !== null || this.mayBeDropped(each)) continue;
			if (each.isBlurred || nowMs - each.request.receivedAtMs > this.settings.maxAgeMs) continue;
			must(false, 'a free slot takes what waits at once', each.id, next.kind);
		}
	}

	/** How many keys the queue may remember. */
	get processedKeys(): number {
		return [...this.toldById.values()].filter(({ end, key }) => end === 'processed' && key !== null).length;
	}

	/** After everything has come to rest: everything has ended, once, as its sender was told. */
	settle(): void {
		const { tally } = this;
		let lost = 0;
		for (const request of this.requests) {
			if (request.accepted === null) continue;
			must(request.kept !== undefined, 'every request is answered', request.place);
			must(request.finished !== undefined, 'every request is answered to the end', request.place);
			let own = 0;
			for (const each of [...request.events, ...request.letters]) {
				if (each.isOwn !== true) continue;
				if (each.isEvent && each.attempts + each.letterAttempts > 0) own++;
				lost += +(each.end === 'lost');
				this.settleOne(each);
			}
			if (request.kept === 'kept') {
				must(own === request.accepted, 'every accepted event runs', request.place, own, request.accepted);
			} else {
				const never = (request.accepted as number) - own;
				tally.withdrawn += never;
				// Counted once as what never ran, and not again one by one.
				for (const { isOwn, isEvent, attempts, letterAttempts, end } of request.events) {
					if (isOwn === true && isEvent && attempts + letterAttempts === 0) {
						must(end === null || end === 'withdrawn', 'what never ran was withdrawn', request.place, end);
					}
				}
			}
		}
		must(lost > 0 === this.lostLetters > 0, 'lost dead letters are in the log', lost, this.lostLetters);
	}

	private settleOne(told: Told): void {
		const { tally } = this;
		const isCounted = told.isEvent && told.attempts + told.letterAttempts > 0;
		const isPromised = told.takenOnes.some(
			({ kept, finished, settings }) =>
				kept === 'kept' && (settings.respond === 'onAccept' || finished === 'pending'),
		);
		switch (told.end) {
			case 'processed':
				tally.processed += +isCounted;
				return;
			case 'deadLettered':
				tally.deadLettered += +isCounted;
				return;
			case 'lost':
				tally.lost += +isCounted;
				return;
			case 'withdrawn':
				tally.withdrawn += +isCounted;
				return;
			default: {
				const { next } = told;
				if (next.kind === 'giveUp' && !next.isRetryOn && told.letterAttempts === 0) {
					must(!isPromised || told.isBlurred, 'what was promised is not handed back', told.id);
					tally.handedBack += +isCounted;
					return;
				}
				must(
					(!told.hasBegun && told.takenOnes.every(({ kept }) => kept === 'withdrawn')) || told.isBlurred,
					'nothing vanishes',
					told.id,
					told.next.kind,
				);
				must(!isPromised || told.isBlurred, 'nothing vanishes', told.id);
				tally.withdrawn += +isCounted;
			}
		}
	}
}
