import type { Arrival, Execution, Outcome, JobContent } from '../../nodes/GameInsightsWebhook/queue/arrival';
import type { DeliverySettings } from '../../nodes/GameInsightsWebhook/queue/deliverySettings';
import { eventTexts } from '../../nodes/shared/events/slice';
import { Journal } from '../../nodes/GameInsightsWebhook/journal/journal';
import type { ExecutionState } from '../../nodes/GameInsightsWebhook/journal/sleepers';
import { groupingOf } from '../../nodes/GameInsightsWebhook/queue/grouping';
import { Deposits } from '../../nodes/GameInsightsWebhook/journal/deposit';
import type { Retention } from '../../nodes/GameInsightsWebhook/journal/deadLetterRetention';
import { Queue } from '../../nodes/GameInsightsWebhook/queue/queue';
import { Database } from './journalDatabase';
import { SimulatedTime } from './journalTime';

const EPOCH_MS = 1_700_000_000_000;
const PLACE = { workflowId: 'workflow', nodeId: 'node' };

export const SETTINGS: DeliverySettings = {
	respond: 'onAccept',
	retry: true,
	maxRetries: 2,
	initialDelayMs: 200,
	backoffMultiplier: 2,
	maxDelayMs: 2_000,
	jitter: true,
	// Bad events that nothing else comes after look like an outage, until they are too old.
	maxAgeMs: 600_000,
	nonRetryableErrors: [],
	isolateFailures: true,
	pauseAfterFailedEvents: 25,
	executionPer: 'group',
	maxEventsPerExecution: 10,
	maxConcurrentExecutions: 4,
	maxPendingEvents: 500,
	acceptTimeoutMs: 4_000,
	deduplicationWindowMs: 600_000,
};

/** What the simulated workflow does with an event: fails the first times it sees it, or always. */
export interface EventPlan {
	readonly id: string;
	readonly failures: number;
	/** How long its executions sleep in a Wait node before they end, in milliseconds. */
	readonly sleepsMs?: number;
}

type FinalOutcome = Exclude<Outcome, { kind: 'asleep' }>;

/** An execution that sleeps, or has slept, as n8n has it in its database. */
interface SleepingExecution {
	readonly wakesAtMs: number;
	readonly outcome: FinalOutcome;
	isOver: boolean;
}

/** What is known about an event at the end. */
export interface EventStory {
	readonly plan: EventPlan;
	answered: boolean;
	runs: number;
	/** Runs that did not fail because everything did. */
	tries: number;
	processed: number;
	deadLettered: number;
	/** Runs that were begun after the event had been processed by somebody who was not stopped afterwards. */
	unexplained: number;
	processedBy: SimulatedProcess | null;
}

/** One n8n process: with a clock of its own, and a journal while its trigger is live. */
export class SimulatedProcess {
	isAlive = true;
	isCutOff = false;
	/** It was killed, cut off, or had calls that failed: what it did may be done again. */
	wasTroubled = false;
	journal: Journal | null = null;
	readonly deposits: Deposits;
	readonly tables: ReturnType<Database['tablesOf']>;

	constructor(
		readonly world: World,
		readonly name: string,
		private readonly skewMs: number,
		private readonly address = PLACE,
	) {
		this.tables = world.database.tablesOf(this);
		this.deposits = new Deposits(world.newId(), this.address, this.tables.journal, this.sleep);
	}

	readonly sleep = async (milliseconds: number): Promise<void> => {
		await this.world.time.sleep(milliseconds);
		if (!this.isAlive) await new Promise(() => undefined);
	};

	readonly now = (): number => EPOCH_MS + this.world.time.nowMs + this.skewMs;

	lead(): void {
		const ports = {
			now: this.now,
			elapsedMs: () => this.world.time.nowMs,
			sleep: this.sleep,
			random: () => this.world.random(),
			newId: () => this.world.newId(),
			eventTexts,
			log: { error: (message: string) => void this.world.logged.push(message) },
		};
		this.journal = new Journal(
			this.address,
			(content) => this.start(content),
			{
				...this.world.settings,
				keepProcessedMs: this.world.keepProcessedMs,
				...this.world.retention,
				orderBy: this.world.orderBy,
				endpoint: '',
			},
			{
				...ports,
				failed: () => undefined,
				keyExpiresAtMs: async () => this.world.keyExpiresAtMs,
				executionState: async (id) =>
					await this.world.database.ask(this, () => this.world.stateOf(id, this.skewMs)),
				newQueue: (storeFor) => new Queue(ports, storeFor),
				tables: async () => this.tables,
			},
		);
		void this.journal.open();
	}

	/** As `kill -9`: nothing of it happens any more, not even the end of what it awaits. */
	kill(): void {
		this.isAlive = false;
		this.wasTroubled = true;
	}

	/** Takes a request in as `webhook()` does. @returns whether it was answered 200 */
	async receive(arrival: Arrival): Promise<boolean> {
		const queue = this.journal?.queue ?? null;
		if (queue === null)
			return (await this.deposits.deposit(arrival, groupingOf(this.world.settings).mostEvents)) === null;
		const taken = queue.offer(arrival);
		return 'kept' in taken && (await taken.kept) === 'kept';
	}

	private start(content: JobContent): Execution {
		const outcome = this.world.began(this, content);
		const sleepsMs = this.world.sleepsMsOf(content);
		const ended = this.sleep(this.world.durationMs()).then((): Outcome => {
			if (sleepsMs > 0) return this.world.fellAsleep(this, content, outcome, sleepsMs);
			this.world.ended(this, content, outcome);
			return outcome;
		});
		return { begun: this.sleep(1), ended };
	}
}

/** Processes, a database and senders; everything from one seed. */
export class World {
	readonly time = new SimulatedTime();
	readonly database = new Database(this.time, () => EPOCH_MS + this.time.nowMs);
	readonly stories = new Map<string, EventStory>();
	/** Each attempt that was begun, by delivery and number. */
	readonly attempts = new Map<string, number>();
	/** Reasons of the notices that left. */
	readonly notices: string[] = [];
	/** How long processed rows are shown. */
	keepProcessedMs = 0;
	/** For how long dead letters are kept. */
	retention: Retention = { keepDeadLettersMs: 0, maxDeadLetters: 1_000_000, maxBytes: Infinity };
	/** When the key to the tables ends; null for one that does not. */
	keyExpiresAtMs: number | null = null;
	/** Executions that sleep or have slept, by id. They go on whatever becomes of the process. */
	readonly sleeping = new Map<string, SleepingExecution>();
	/** Whether the API key may read executions. */
	mayReadExecutions = true;
	/**
	 * Deliveries that slept without all events of their request. They get a row of their own then, and a kill
	 * at that moment leaves them in two rows.
	 */
	private readonly sleptApart = new Set<string>();
	/** How often the state of an execution was read. */
	looks = 0;
	/** Errors that operators would read. */
	readonly logged: string[] = [];
	settings: DeliverySettings;
	/** Each execution of events fails. */
	isDown = false;
	/** Where an event has the value that puts it in order; null for no order. */
	orderBy: readonly string[] | null = null;
	private ids = 0;
	private requests = 0;

	/** @param settings that differ from the usual ones */
	constructor(
		readonly random: () => number,
		settings: Partial<DeliverySettings> = {},
	) {
		this.settings = { ...SETTINGS, ...settings };
	}

	newId(): string {
		return `id${++this.ids}`;
	}

	durationMs(): number {
		return 20 + this.random() * 200;
	}

	process(name: string, skewMs = 0, nodeId = PLACE.nodeId): SimulatedProcess {
		return new SimulatedProcess(this, name, skewMs, { ...PLACE, nodeId });
	}

	/** A request with these events; they are known by `event_id`, as honest senders do it. */
	arrival(plans: readonly EventPlan[], receivedAtMs: number): Arrival {
		const requestId = `r${++this.requests}`;
		for (const plan of plans) {
			if (!this.stories.has(plan.id)) {
				const story = { answered: false, runs: 0, tries: 0, processed: 0, deadLettered: 0, unexplained: 0 };
				this.stories.set(plan.id, { plan, processedBy: null, ...story });
			}
		}
		const events = plans.map(({ id }) => ({ event_type: 'test', event_id: id }));
		const text = JSON.stringify(events.length === 1 ? events[0] : events);
		return {
			requestId,
			receivedAtMs,
			endpoint: '',
			sender: { method: 'apiKey', keyId: 'current', claims: null },
			source: { format: 'json', text },
			batchSize: plans.length,
			bytes: text.length,
			events: plans.map(({ id }, index) => ({ index, deduplicationKey: `event:${id}` })),
			deadLetters: [],
		};
	}

	/** An execution begins; what it will come to is certain from here on. */
	began(process: SimulatedProcess, content: JobContent): FinalOutcome {
		if (content.kind === 'deadLetters') return { kind: 'processed' };
		let hasFailed = false;
		for (const [place, { arrival, index, redrive }] of content.events.entries()) {
			const attempt = content.tried?.[place]?.attempts ?? content.attempt;
			const delivery = `${arrival.requestId}.${index} redrive ${redrive?.count ?? 0} attempt ${attempt}`;
			this.attempts.set(delivery, (this.attempts.get(delivery) ?? 0) + 1);
			const story = this.storyOf(arrival, index);
			if (story.processed > 0 && story.processedBy?.wasTroubled === false) story.unexplained++;
			story.runs++;
			if (!this.isDown) story.tries++;
			hasFailed ||= this.isDown || story.tries <= story.plan.failures;
		}
		void process;
		return hasFailed
			? { kind: 'failed', failure: { executionId: null, message: 'simulated', node: null } }
			: { kind: 'processed' };
	}

	/** How long an execution sleeps before it ends: as long as the event that makes it sleep longest. */
	sleepsMsOf(content: JobContent): number {
		if (content.kind === 'deadLetters') return 0;
		return Math.max(
			...content.events.map(({ arrival, index }) => this.storyOf(arrival, index).plan.sleepsMs ?? 0),
		);
	}

	fellAsleep(
		process: SimulatedProcess,
		content: JobContent,
		outcome: FinalOutcome,
		sleepsMs: number,
	): Outcome {
		const executionId = `${this.sleeping.size + 1}`;
		if (content.kind === 'events') {
			for (const { arrival, index } of content.events) {
				const together = content.events.filter((event) => event.arrival.requestId === arrival.requestId);
				if (together.length < arrival.batchSize) this.sleptApart.add(`${arrival.requestId}.${index}`);
			}
		}
		const wakesAtMs = this.time.nowMs + sleepsMs;
		const execution: SleepingExecution = { wakesAtMs, outcome, isOver: false };
		this.sleeping.set(executionId, execution);
		this.time.at(wakesAtMs, () => {
			execution.isOver = true;
			this.ended(process, content, outcome);
		});
		return { kind: 'asleep', executionId };
	}

	/** @param skewMs of the clock that n8n tells the time of waking by */
	stateOf(executionId: string, skewMs: number): ExecutionState {
		this.looks++;
		if (!this.mayReadExecutions) return { kind: 'forbidden' };
		const execution = this.sleeping.get(executionId);
		if (execution === undefined) return { kind: 'gone' };
		if (execution.isOver) return { kind: 'ended', outcome: execution.outcome };
		return { kind: 'asleep', wakesAtMs: EPOCH_MS + execution.wakesAtMs + skewMs };
	}

	ended(process: SimulatedProcess, content: JobContent, outcome: Outcome): void {
		if (content.kind === 'deadLetters') {
			for (const letter of content.deadLetters) {
				if (letter.stage === 'notice') {
					this.notices.push(letter.reason);
					continue;
				}
				const { event_id: id } = JSON.parse(letter.eventText ?? '{}') as { event_id: string };
				const story = this.stories.get(id);
				if (story === undefined) throw new Error(`A dead letter without its event: ${letter.summary}`);
				story.deadLettered++;
			}
			return;
		}
		if (outcome.kind !== 'processed') return;
		for (const { arrival, index } of content.events) {
			const story = this.storyOf(arrival, index);
			story.processed++;
			story.processedBy = process;
		}
	}

	/** Open rows: what is not dead. */
	get open(): number {
		return this.database.journal.all.filter(({ state }) => state !== 'dead').length;
	}

	/** Events that were answered with 200, and neither processed nor dead-lettered. */
	get lost(): EventStory[] {
		return [...this.stories.values()].filter(
			({ answered, processed, deadLettered }) => answered && processed + deadLettered === 0,
		);
	}

	/**
	 * Events that came out as dead letters, and have no row. While a table is full, the row may be in another
	 * state.
	 */
	get lettersLost(): string[] {
		const { journal, deadLetters } = this.database;
		const texts = [...journal.all, ...deadLetters.all].map(({ payload }) => String(payload));
		const kept = new Set(
			texts.flatMap((text) => [...text.matchAll(/"event_id":"([^"]*)"/g)].map(([, id]) => id)),
		);
		return [...this.stories.values()]
			.filter(({ plan, deadLettered }) => deadLettered > 0 && !kept.has(plan.id))
			.map(({ plan }) => plan.id);
	}

	get attemptsRunTwice(): string[] {
		const isTwice = ([attempt, times]: [string, number]): boolean =>
			times > 1 && !this.sleptApart.has(attempt.split(' ')[0] as string);
		return [...this.attempts].filter(isTwice).map(([attempt]) => attempt);
	}

	private storyOf(arrival: Arrival, index: number): EventStory {
		const [text] = eventTexts(arrival.source, [arrival.sourceIndexes?.indexOf(index) ?? index]);
		const { event_id: id } = JSON.parse(text ?? '{}') as { event_id: string };
		return this.stories.get(id) as EventStory;
	}
}

/** Sends until it is answered 200, as an honest sender does. */
export async function send(
	world: World,
	plans: readonly EventPlan[],
	to: () => SimulatedProcess,
): Promise<void> {
	for (;;) {
		const process = to();
		const arrival = world.arrival(plans, process.now());
		const answered = await Promise.race([
			process.receive(arrival),
			world.time.sleep(30_000).then(() => false),
		]);
		if (answered && process.isAlive) {
			for (const { id } of plans) {
				const story = world.stories.get(id);
				if (story !== undefined) story.answered = true;
			}
			return;
		}
		await world.time.sleep(1_000);
	}
}
