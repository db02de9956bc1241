import { harmless } from '../../shared/harmless';
import type { Path } from '../intake/validate/path';
import type { Item } from '../queue/item';
import type { Restored } from '../queue/store';
import type { RowState } from './columns';
import { JournalRow } from './journalRow';
import type { JournalStore } from './journalStore';
import { INTERRUPTED, type RestoredRow, checkRestored, restoredRow, rowsOfEvents } from './rows';
import type { Cells, StoredRow } from './table';
import type { TableClock } from './tableClock';
import { stateIn } from './writtenCells';

/** How rows that were running together before are put together again. */
export interface RecoveryPorts {
	now(): number;
	readonly clock: Pick<TableClock, 'now' | 'ageOf'>;
	readonly store: Pick<JournalStore, 'count' | 'writer'>;
	/** How many events may run together; 1 keeps each row apart. */
	readonly mostTogether: number;
	/** Where an event has the value that puts it in order; null for no order. */
	readonly orderBy: Path | null;
	/** Where a row's events stand among those of this process; undefined for those that have just come. */
	rankOf(id: number, isSentAgain: boolean): number | undefined;
	readonly log: { error(message: string): void };
}

const GIVEN_BACK: Cells = { owner: '', claim: '' };

/** Rows that this process has just made its own, as what the queue goes on with. */
export function recovered(stored: readonly StoredRow[], claim: string, ports: RecoveryPorts): Restored[] {
	const restored: Restored[] = [];
	for (const row of stored) {
		const one = recoveredRow(row, claim, ports);
		if (one !== null) restored.push(one);
	}
	return together(restored, ports.mostTogether);
}

function recoveredRow(stored: StoredRow, claim: string, ports: RecoveryPorts): Restored | null {
	const { writer } = ports.store;
	const row = (items: readonly Item[], state: RowState, attempt: number): JournalRow => {
		const taken = new JournalRow(claim, 'id', stored.id, items, state, attempt);
		for (const item of items) item.parcel = taken;
		writer.live.add(taken);
		writer.inserted(taken);
		return taken;
	};
	/** By itself, so that the others go on; a user may correct it, and set it to `redrive`. */
	const setAside = (reason: string): null => {
		ports.log.error(`Row ${stored.id} of the journal was set to dead. ${reason}`);
		writer.change(row([], 'dead', 0), { state: 'dead', last_error: reason, ...GIVEN_BACK });
		return null;
	};
	let restored: RestoredRow;
	try {
		const state = stateIn(stored);
		if (state === 'dead' || state === 'processed') {
			// Typed with other letters or blanks.
			writer.change(row([], state, 0), { state, ...GIVEN_BACK });
			return null;
		}
		restored = restoredRow(stored, ports.now(), ports.orderBy, ports.clock.now());
		if (restored.obstacle === null) checkRestored(restored);
	} catch (error) {
		// The message of JSON.parse repeats some of the text.
		return setAside(
			`This row can't be read: ${harmless(error instanceof Error ? error.message : String(error))}.`,
		);
	}
	const { items, held, tried, state, resumed } = restored;
	if (restored.obstacle !== null) return setAside(restored.obstacle);
	if (items.length === 0) {
		writer.remove(row([], state, tried.attempts));
		return null;
	}
	const { redrivenAtMs } = held.arrival;
	held.ageMs = redrivenAtMs === undefined ? ports.clock.ageOf(stored) : ports.clock.now() - redrivenAtMs;
	const taken = row(items, state, tried.attempts);
	taken.attemptsRecorded = tried.history.count;
	// Those stay done when more of them are: the cell is written as a whole.
	if (state !== 'redrive') taken.done.push(...restored.done);
	const isSentAgain = redrivenAtMs !== undefined;
	ports.store.count(held, items, state === 'redrive' ? undefined : ports.rankOf(stored.id, isSentAgain));
	if (resumed !== null) {
		ports.log.error(
			`Row ${stored.id} of the journal was set to redrive, and is no dead letter: it goes on with its next attempt.`,
		);
		writer.change(taken, resumed);
	}
	switch (state) {
		case 'running':
			return { items, was: { kind: 'interrupted', failure: INTERRUPTED, ...tried } };
		case 'retrying':
			return { items, was: { kind: 'retrying', dueAtMs: restored.dueAtMs, ...tried } };
		case 'redrive': {
			const [content] = rowsOfEvents(held.arrival, items, 1);
			taken.state = 'waiting';
			writer.change(taken, {
				...content?.cells,
				state: 'waiting',
				attempt: 0,
				due: null,
				last_error: null,
				summary: null,
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
 * Events of one interrupted execution go on together: one by one, a thousand of them would be a thousand
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
