import { Alarm } from '../queue/alarm';
import type { FailedOutcome, Outcome } from '../queue/arrival';
import { type Due, DueHeap } from '../queue/dueHeap';
import type { Queue } from '../queue/queue';
import type { ExpiryColumn } from '../../shared/journal/columns';
import type { ProcessedKeys } from './processedKeys';
import { cellsOfProcessed } from './rows';
import {
	type Condition,
	type Filter,
	type StoredRow,
	type Table,
	type TableFailure,
	asTableFailure,
	eq,
	gte,
} from '../../shared/dataTables/table';
import { pagesOf } from '../../shared/dataTables/pages';
import { type Asleep, claimOfSleep, executionOfSleep, sleepingIn } from './sleepingRows';

/** The wait before the first look at an execution. Each later wait is twice as long, up to the longest. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;
/** The shortest time between two looks, whatever sleeps: each is a call of n8n's API. */
const BETWEEN_LOOKS_MS = 1_000;
/** How often to search for executions that other processes have left asleep, for each page of rows. */
const SEARCH_EVERY_MS = 600_000;
/** How many rows are read at once. Each row may have a megabyte. */
const PAGE = 50;
/** For how long sleeping counts as processed after n8n did not allow to read an execution. */
const FORBIDDEN_FOR_MS = 600_000;
const TELL_GONE_EVERY_MS = 3_600_000;

const FORBIDDEN =
	'The API key in the credential "Game Insights Data Tables API" may not read executions (scope execution:read). So executions that sleep in a Wait node count as processed: if they fail later, nothing is retried.';
const goneOf = (executionId: string): string =>
	`Execution ${executionId} slept in a Wait node, and n8n does not know it any more: it was deleted, or the workflow does not save such executions, or the owner of the API key may not see this workflow. Its events count as processed.`;

/** What n8n says about an execution. */
export type ExecutionState =
	/** When n8n wakes it, in milliseconds since the epoch. Null when nobody knows. */
	| { readonly kind: 'asleep'; readonly wakesAtMs: number | null }
	| { readonly kind: 'running' }
	| { readonly kind: 'ended'; readonly outcome: Exclude<Outcome, { kind: 'asleep' }> }
	/** n8n does not know it. */
	| { readonly kind: 'gone' }
	/** The API key may not read executions. */
	| { readonly kind: 'forbidden' };

interface Sleeper {
	readonly executionId: string;
	readonly keys: Set<string>;
	events: number;
	/** When it was found first, on the monotonic clock. */
	readonly foundAtMs: number;
	waitMs: number;
	isRunning: boolean;
	due: Due<Sleeper> | null;
}

/** What following executions depends on. */
export interface SleepersPorts {
	now(): number;
	/** The time by the clock of the database, in milliseconds since the epoch. */
	tableNow(): number;
	/** Milliseconds of a monotonic clock. */
	elapsedMs(): number;
	sleep(milliseconds: number): Promise<void>;
	/** Asks n8n. Rejects with a `TableFailure` when there is no answer. */
	executionState(executionId: string): Promise<ExecutionState>;
	failed(failure: TableFailure): void;
	readonly log: { error(message: string): void };
	/** A filter for rows of this node. */
	ours(...more: Filter): Filter;
	expiryColumn(): ExpiryColumn;
	queue(): Pick<Queue, 'markAsleep' | 'markAwake' | 'succeededAfterSleep'>;
	readonly keys: Pick<ProcessedKeys, 'add'>;
	/**
	 * The execution with these rows did not end well: they go back to the queue. Resolves with `false` when
	 * that has to be tried again.
	 */
	wake(asleep: Filter, outcome: FailedOutcome): Promise<boolean>;
}

/**
 * How long to wait before the next look at an execution.
 * @param waitMs the wait before the look that has just been made
 * @param hasChanged whether it began to run or to sleep since the look before
 * @param wakesInMs when n8n wakes it; not above 0 when it should be awake by now
 * @returns the wait, and the wait from which the next one grows
 */
export function nextWait(
	waitMs: number,
	hasChanged: boolean,
	wakesInMs: number,
): { readonly waitMs: number; readonly growsFromMs: number } {
	const grown = hasChanged ? FIRST_WAIT_MS : Math.min(LONGEST_WAIT_MS, waitMs * 2);
	// Somebody may wake or stop it earlier, so it is never left alone for longer than that.
	if (wakesInMs <= 0 || wakesInMs + FIRST_WAIT_MS > grown) return { waitMs: grown, growsFromMs: grown };
	return { waitMs: wakesInMs + FIRST_WAIT_MS, growsFromMs: FIRST_WAIT_MS };
}

/**
 * Follows executions that sleep in a Wait node, by looking at them from time to time. The rows of such an
 * execution have no owner, so any process with a live trigger may follow it. When it has ended, each change
 * of its rows is conditional: of two processes that follow it, one changes them.
 */
export class Sleepers {
	private readonly known = new Map<string, Sleeper>();
	private readonly schedule = new DueHeap<Sleeper>();
	private readonly alarm: Alarm;
	private searchAtMs = -Infinity;
	private restsUntilMs = -Infinity;
	private isWorking = false;
	private isOver = false;
	private forbiddenUntilMs = -Infinity;
	private hasToldForbidden = false;
	private tellGoneAtMs = -Infinity;

	constructor(
		private readonly journal: Pick<Table, 'read' | 'update' | 'remove'>,
		/** How long processed rows are shown, in milliseconds. 0 removes them at once. */
		private readonly settings: { readonly keepProcessedMs: number },
		private readonly ports: SleepersPorts,
	) {
		this.alarm = new Alarm(ports, () => void this.work());
	}

	/** Whether the API key may read executions, as far as is known. */
	get isAllowed(): boolean {
		return this.ports.elapsedMs() >= this.forbiddenUntilMs;
	}

	/** How many events sleep. */
	get events(): number {
		let events = 0;
		for (const sleeper of this.known.values()) events += sleeper.events;
		return events;
	}

	/** Begins to follow what sleeps in the table. */
	begin(): void {
		this.searchAtMs = this.ports.elapsedMs();
		this.alarm.set(this.searchAtMs);
	}

	/** Looks at nothing any more. */
	end(): void {
		this.isOver = true;
	}

	/** Follows an execution. Its rows are in the table. */
	add({ executionId, keys, events }: Asleep): void {
		const sleeper = this.sleeperOf(executionId);
		for (const key of keys) sleeper.keys.add(key);
		sleeper.events += events;
		this.alarm.set(this.nextStepAtMs);
	}

	private sleeperOf(executionId: string): Sleeper {
		let sleeper = this.known.get(executionId);
		if (sleeper === undefined) {
			const foundAtMs = this.ports.elapsedMs();
			const fresh = { keys: new Set<string>(), events: 0, waitMs: FIRST_WAIT_MS, isRunning: false };
			sleeper = { executionId, foundAtMs, due: null, ...fresh };
			this.known.set(executionId, sleeper);
			this.lookIn(sleeper, FIRST_WAIT_MS);
		}
		return sleeper;
	}

	private lookIn(sleeper: Sleeper, waitMs: number): void {
		sleeper.due = this.schedule.add(sleeper, this.ports.elapsedMs() + waitMs);
	}

	/** Makes one step: a search, or a look at one execution. */
	private async work(): Promise<void> {
		if (this.isWorking || this.isOver) return;
		const nowMs = this.ports.elapsedMs();
		// The alarm may ring early.
		if (nowMs < this.restsUntilMs) {
			this.alarm.set(this.nextStepAtMs);
			return;
		}
		this.isWorking = true;
		try {
			if (nowMs >= this.searchAtMs) await this.search();
			else {
				const sleeper = this.schedule.takeDue(nowMs);
				if (sleeper !== undefined) await this.look(sleeper);
			}
		} catch (error) {
			this.ports.failed(asTableFailure(error));
		}
		this.isWorking = false;
		this.restsUntilMs = this.ports.elapsedMs() + BETWEEN_LOOKS_MS;
		this.alarm.set(this.nextStepAtMs);
	}

	private get nextStepAtMs(): number {
		return Math.max(this.restsUntilMs, Math.min(this.schedule.nextDueAtMs, this.searchAtMs));
	}

	/** Finds all sleeping rows, and forgets the executions whose rows are gone. */
	private async search(): Promise<void> {
		// If it fails, it is repeated as soon as anything else would be.
		this.searchAtMs = this.ports.elapsedMs() + FIRST_WAIT_MS;
		const beganAtMs = this.ports.elapsedMs();
		const found = new Map<string, { keys: Set<string>; events: number }>();
		let pages = 0;
		const read = async (afterId: number): Promise<StoredRow[]> =>
			await this.journal.read(this.ports.ours(eq('state', 'sleeping'), gte('id', afterId + 1)), PAGE);
		for await (const rows of pagesOf(PAGE, read)) {
			pages++;
			for (const row of rows) {
				const executionId = executionOfSleep(row);
				if (executionId === null) await this.interrupt(row);
				else {
					const known = found.get(executionId) ?? { keys: new Set<string>(), events: 0 };
					found.set(executionId, known);
					const { events, keys } = sleepingIn(row);
					known.events += events;
					for (const key of keys) known.keys.add(key);
				}
			}
		}
		if (this.isOver) return;
		for (const [executionId, { keys, events }] of found) {
			const sleeper = this.sleeperOf(executionId);
			for (const key of keys) sleeper.keys.add(key);
			sleeper.events = events;
			this.ports.queue().markAsleep(keys);
		}
		for (const sleeper of this.known.values()) {
			if (!found.has(sleeper.executionId) && sleeper.foundAtMs < beganAtMs) this.forget(sleeper);
		}
		this.searchAtMs = this.ports.elapsedMs() + SEARCH_EVERY_MS * pages;
	}

	/** A user has edited the row. It goes on like one whose execution was interrupted. */
	private async interrupt({ id }: StoredRow): Promise<void> {
		await this.journal.update(this.ports.ours(eq('id', id), eq('state', 'sleeping')), {
			...{ state: 'running', owner: '', claim: '' },
		});
		this.ports.log.error(
			`Row ${id} of the journal is set to sleeping, and does not say in which execution: it goes on with its next attempt.`,
		);
	}

	private async look(sleeper: Sleeper): Promise<void> {
		sleeper.due = null;
		try {
			const state = await this.ports.executionState(sleeper.executionId);
			if (this.isOver) return;
			if (state.kind === 'asleep' || state.kind === 'running') {
				this.lookLater(sleeper, state);
				return;
			}
			if (await this.isDone(sleeper, state)) {
				this.forget(sleeper);
				return;
			}
			this.lookIn(sleeper, BETWEEN_LOOKS_MS);
		} catch (error) {
			this.ports.failed(asTableFailure(error));
			sleeper.waitMs = Math.min(LONGEST_WAIT_MS, sleeper.waitMs * 2);
			this.lookIn(sleeper, sleeper.waitMs);
		}
	}

	private lookLater(sleeper: Sleeper, state: Extract<ExecutionState, { kind: 'asleep' | 'running' }>): void {
		const isRunning = state.kind === 'running';
		const wakesAtMs = state.kind === 'asleep' ? state.wakesAtMs : null;
		const wakesInMs = wakesAtMs === null ? 0 : wakesAtMs - this.ports.now();
		const { waitMs, growsFromMs } = nextWait(sleeper.waitMs, isRunning !== sleeper.isRunning, wakesInMs);
		sleeper.isRunning = isRunning;
		sleeper.waitMs = growsFromMs;
		this.lookIn(sleeper, waitMs);
	}

	/** @returns whether its rows were changed. Otherwise it has to be tried again */
	private async isDone(
		sleeper: Sleeper,
		state: Exclude<ExecutionState, { kind: 'asleep' | 'running' }>,
	): Promise<boolean> {
		const { executionId, keys, events } = sleeper;
		const rows = [eq('state', 'sleeping'), eq('claim', claimOfSleep(executionId))];
		if (state.kind === 'ended' && state.outcome.kind !== 'processed') {
			return await this.ports.wake(rows, state.outcome);
		}
		if (state.kind === 'forbidden') this.tellForbidden();
		if (state.kind === 'gone') this.tellGone(executionId);
		await this.setProcessed(rows);
		this.ports.queue().succeededAfterSleep(keys, events);
		for (const key of keys) this.ports.keys.add(key);
		return true;
	}

	private async setProcessed(rows: readonly Condition[]): Promise<void> {
		const { keepProcessedMs } = this.settings;
		const filter = this.ports.ours(...rows);
		if (keepProcessedMs > 0) {
			const { ports } = this;
			const times = { nowMs: ports.now(), tableNowMs: ports.tableNow(), keepProcessedMs };
			const failure = await this.journal
				.update(filter, cellsOfProcessed(times, ports.expiryColumn()))
				.then(() => null, asTableFailure);
			if (failure === null) return;
			// Removing rows that are only shown makes room.
			if (failure.kind !== 'full') throw failure;
		}
		await this.journal.remove(filter);
	}

	private forget(sleeper: Sleeper): void {
		if (sleeper.due !== null) this.schedule.remove(sleeper.due);
		this.known.delete(sleeper.executionId);
		this.ports.queue().markAwake(sleeper.keys);
	}

	private tellForbidden(): void {
		this.forbiddenUntilMs = this.ports.elapsedMs() + FORBIDDEN_FOR_MS;
		if (!this.hasToldForbidden) this.ports.log.error(FORBIDDEN);
		this.hasToldForbidden = true;
	}

	private tellGone(executionId: string): void {
		if (this.ports.elapsedMs() < this.tellGoneAtMs) return;
		this.tellGoneAtMs = this.ports.elapsedMs() + TELL_GONE_EVERY_MS;
		this.ports.log.error(goneOf(executionId));
	}
}
