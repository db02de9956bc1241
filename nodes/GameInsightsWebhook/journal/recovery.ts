import { harmless } from '../../shared/harmless';
import type { Path } from '../intake/validate/path';
import type { FailedOutcome } from '../queue/arrival';
import type { Item } from '../queue/item';
import type { Restored } from '../queue/store';
import type { RowState } from '../../shared/journal/columns';
import { JournalRow } from './journalRow';
import type { JournalStore } from './journalStore';
import { progressCells } from './progress';
import { type RestoredRow, checkRestored, restoredRow } from './restoredRow';
import { rowsOfEvents } from './rows';
import type { RowWriter } from './rowWriter';
import type { Cells, StoredRow } from '../../shared/dataTables/table';
import type { TableClock } from './tableClock';
import { stateIn } from '../../shared/journal/writtenCells';

/** What combining the rows of earlier executions depends on. */
export interface RecoveryPorts {
	now(): number;
	readonly clock: Pick<TableClock, 'now' | 'ageOf'>;
	readonly store: Pick<JournalStore, 'count'>;
	readonly writer: RowWriter;
	/** How many events may run together. 1 keeps each row separate. */
	readonly mostTogether: number;
	/** The path to the value in an event that decides the order. Null for no order. */
	readonly orderBy: Path | null;
	/** The rank of a row's events among the events of this process. Undefined for rows that have just come. */
	rankOf(id: number, isSentAgain: boolean): number | undefined;
	readonly log: { error(message: string): void };
	/** How the execution of the rows ended, if it had slept. Null for rows of processes that are gone. */
	readonly woken: FailedOutcome | null;
}

/** The failure of an attempt whose process is gone. */
const INTERRUPTED: FailedOutcome = {
	kind: 'unknown',
	failure: {
		executionId: null,
		message: 'interrupted: the n8n process that ran it stopped',
		node: null,
	},
};

const GIVEN_BACK: Cells = { owner: '', claim: '' };

/** Converts rows that this process has just claimed into items for the queue. */
export function recovered(stored: readonly StoredRow[], claim: string, ports: RecoveryPorts): Restored[] {
	const restored: Restored[] = [];
	for (const row of stored) {
		const one = recoveredRow(row, claim, ports);
		if (one !== null) restored.push(one);
	}
	return together(restored, ports.mostTogether);
}

function recoveredRow(stored: StoredRow, claim: string, ports: RecoveryPorts): Restored | null {
	const { writer } = ports;
	const row = (items: readonly Item[], state: RowState, attempt: number): JournalRow => {
		const taken = new JournalRow(claim, 'id', stored.id, items, state, attempt);
		for (const item of items) item.parcel = taken;
		writer.live.add(taken);
		writer.inserted(taken);
		return taken;
	};
	/**
	 * Sets aside only this row, so that the others go on. A user may correct it and set its state to `redrive`.
	 */
	const setAside = (reason: string): null => {
		ports.log.error(`Row ${stored.id} of the journal was set to dead. ${reason}`);
		writer.change(row([], 'dead', 0), { state: 'dead', summary: reason, last_error: reason, ...GIVEN_BACK });
		return null;
	};
	let restored: RestoredRow;
	try {
		const state = stateIn(stored);
		if (state === 'dead' || state === 'processed' || state === 'sleeping') {
			// The user typed the state in other letters or with spaces.
			writer.change(row([], state, 0), { state, ...GIVEN_BACK });
			return null;
		}
		restored = restoredRow(stored, ports.now(), ports.orderBy, ports.clock.now());
		if (restored.obstacle === null) checkRestored(restored);
	} catch (error) {
		// The message of JSON.parse contains a part of the text.
		return setAside(
			`This row can't be read: ${harmless(error instanceof Error ? error.message : String(error))}.`,
		);
	}
	const { items, held, state, resumed } = restored;
	const tried = ports.woken === null ? restored.tried : { ...restored.tried, wokeAtMs: ports.clock.now() };
	if (restored.obstacle !== null) return setAside(restored.obstacle);
	if (items.length === 0) {
		writer.remove(row([], state, tried.attempts));
		return null;
	}
	const { redrivenAtMs } = held.arrival;
	const beganAgainAtMs = Math.max(redrivenAtMs ?? -Infinity, tried.wokeAtMs ?? -Infinity);
	held.ageMs = beganAgainAtMs === -Infinity ? ports.clock.ageOf(stored) : ports.clock.now() - beganAgainAtMs;
	const taken = row(items, state, tried.attempts);
	taken.attemptsRecorded = tried.history.count;
	// These events stay done when more of them are finished: the cell is always written as a whole.
	if (state !== 'redrive') taken.done.push(...restored.done);
	const isSentAgain = redrivenAtMs !== undefined;
	const comesLast = state === 'redrive' || ports.woken !== null;
	ports.store.count(held, items, comesLast ? undefined : ports.rankOf(stored.id, isSentAgain));
	if (resumed !== null) {
		ports.log.error(
			`Row ${stored.id} of the journal was set to redrive, and is no dead letter: it goes on with its next attempt.`,
		);
		writer.change(taken, resumed);
	}
	switch (state) {
		case 'running':
			return { items, was: { kind: 'interrupted', outcome: ports.woken ?? INTERRUPTED, ...tried } };
		case 'retrying':
			return { items, was: { kind: 'retrying', dueAtMs: restored.dueAtMs, ...tried } };
		case 'redrive': {
			const [content] = rowsOfEvents(held.arrival, items, 1);
			taken.state = 'waiting';
			writer.change(taken, {
				...content?.cells,
				...progressCells('waiting', 0),
				due: null,
				last_error: null,
				done: null,
				history: null,
			});
			return { items, was: { kind: 'waiting' } };
		}
		default:
			return { items, was: { kind: 'waiting' } };
	}
}

/**
 * Events of one interrupted execution run together again. One by one, a thousand events would need a thousand
 * executions.
 */
function together(restored: readonly Restored[], most: number): Restored[] {
	const groups = new Map<string, Restored>();
	const result: Restored[] = [];
	for (const one of restored) {
		const { was, items } = one;
		if (most <= 1 || was.kind !== 'interrupted') {
			result.push(one);
			continue;
		}
		const key = JSON.stringify([was.attempts, was.history]);
		const group = groups.get(key);
		if (group !== undefined && group.items.length + items.length <= most) {
			groups.set(key, { items: [...group.items, ...items], was });
			continue;
		}
		if (group !== undefined) result.push(group);
		groups.set(key, one);
	}
	return [...result, ...groups.values()];
}
