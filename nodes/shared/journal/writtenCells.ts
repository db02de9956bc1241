import { Check } from 'typebox/schema';
import { visible } from '../harmless';
import type { Redrive } from '../rejectedEvent';
import { CREDENTIAL_BY_AUTHENTICATION } from '../authenticationMethod';
import type { Sender } from '../items/sender';
import type { Source } from '../events/source';
import type { DeadLetter } from '../items/deadLetter';
import { NEVER_TRIED, type Tried } from '../items/history';
import type { RowState } from './columns';
import { shown } from './labels';
import type { StoredRow } from '../dataTables/table';

/**
 * What a row stores about the request that brought it. Never changed while its events are being delivered.
 */
export interface Details {
	readonly request: string;
	readonly receivedAtMs: number;
	readonly endpoint: string;
	readonly sender: Sender;
	readonly batchSize: number;
	/**
	 * How to read the payload: as one event's text, as several events in the format in which they were sent, or
	 * as something that is no event.
	 */
	readonly holds: 'event' | Source['format'] | 'raw';
	/** The indexes of the row's events in the request. */
	readonly indexes: readonly number[];
	/** The indexes in the request of all events in the payload, when it holds only some of them. */
	readonly sourceIndexes?: readonly number[];
	readonly keys: ReadonlyArray<string | null>;
	/**
	 * Which events were sent again from dead letters: one entry for each of `indexes`. Missing when none was.
	 */
	readonly redrives?: ReadonlyArray<Redrive | null>;
	/** When a user last sent it again, by the clock of the database. */
	readonly redrivenAtMs?: number;
	/** Without the event's text, which is the payload. */
	readonly deadLetter: DeadLetter | null;
}

/** The attempts so far, as stored in one cell. */
export type StoredHistory = Omit<Tried, 'attempts'>;

/**
 * A cell that the node can't use, because a user has changed it. The message completes "The row can't be
 * read: …".
 */
export class ForeignCell extends SyntaxError {}

/*
 * JSON Schemas of the cells that only the node writes. Any user may edit a row in n8n's table view. These
 * schemas detect a changed row that would cause a problem later, when it runs together with others.
 */
const WHOLE = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
/** The range of times that `Date` can hold. */
const TIME_MS = { type: 'number', minimum: -8.64e15, maximum: 8.64e15 };
const TEXT = { type: 'string' };
const orNull = (schema: object): object => ({ anyOf: [schema, { type: 'null' }] });
const list = (items: object): object => ({ type: 'array', items });
const object = (properties: Readonly<Record<string, object>>, ...optional: string[]): object => ({
	type: 'object',
	properties,
	required: Object.keys(properties).filter((name) => !optional.includes(name)),
});

const ATTEMPT = object({ at: TEXT, executionId: orNull(TEXT), message: TEXT, node: orNull(TEXT) });
const HISTORY = object(
	{
		history: object({ count: WHOLE, first: list(ATTEMPT), last: list(ATTEMPT) }),
		firstAttemptAtMs: orNull(TIME_MS),
		lastAttemptAtMs: orNull(TIME_MS),
		wokeAtMs: TIME_MS,
	},
	'wokeAtMs',
);
const LETTER = object(
	{
		summary: TEXT,
		reason: TEXT,
		stage: { enum: ['parse', 'validate', 'deliver'] },
		errors: list(object({ path: TEXT, message: TEXT, rule: TEXT })),
		attempts: object({
			count: WHOLE,
			max: WHOLE,
			firstAt: orNull(TEXT),
			lastAt: orNull(TEXT),
			history: list(ATTEMPT),
		}),
		similar: object({ count: WHOLE, firstAt: TEXT }),
		receivedAt: TEXT,
		deadLetteredAt: TEXT,
		delivery: { type: 'object' },
		redrive: object({ count: WHOLE, of: orNull(TEXT) }),
	},
	'similar',
);
const DETAILS = object(
	{
		request: TEXT,
		receivedAtMs: TIME_MS,
		endpoint: TEXT,
		sender: object({
			method: { enum: Object.keys(CREDENTIAL_BY_AUTHENTICATION) },
			keyId: TEXT,
			claims: orNull({ type: 'object' }),
		}),
		batchSize: WHOLE,
		holds: { enum: ['event', 'json', 'ndjson', 'raw'] },
		indexes: list(WHOLE),
		sourceIndexes: list(WHOLE),
		keys: list(orNull(TEXT)),
		redrives: list(orNull(object({ count: WHOLE, of: orNull(TEXT) }))),
		redrivenAtMs: TIME_MS,
		deadLetter: orNull(LETTER),
	},
	...['sourceIndexes', 'redrives', 'redrivenAtMs'],
);

/** The data of the row's request. @throws {ForeignCell} */
export const detailsIn = (row: StoredRow): Details => jsonIn<Details>(row, 'details', DETAILS);

/** Indexes of the events that are finished. @throws {ForeignCell} */
export const doneIn = (row: StoredRow): number[] =>
	textIn(row, 'done') === '' ? [] : jsonIn<number[]>(row, 'done', list(WHOLE));

/** The attempts so far. @throws {ForeignCell} */
export const triedIn = (row: StoredRow): Tried => ({ ...historyIn(row), attempts: attemptsIn(row) });

/** The part of the attempts that can be read. The rest is forgotten. */
export const readableTriedIn = (row: StoredRow): Tried => ({
	...orElse(() => historyIn(row), NEVER_TRIED),
	attempts: orElse(() => attemptsIn(row), 0),
});

/** Like {@link doneIn}, but empty when the cell can't be read. */
export const readableDoneIn = (row: StoredRow): number[] => orElse(() => doneIn(row), []);

function attemptsIn({ attempt }: StoredRow): number {
	if (!Check({}, WHOLE, attempt ?? 0)) throw foreign('attempt');
	return (attempt ?? 0) as number;
}

const historyIn = (row: StoredRow): StoredHistory =>
	textIn(row, 'history') === '' ? NEVER_TRIED : jsonIn<StoredHistory>(row, 'history', HISTORY);

function orElse<T>(read: () => T, otherwise: T): T {
	try {
		return read();
	} catch {
		return otherwise;
	}
}

const STATES: Readonly<Record<RowState, true>> = {
	waiting: true,
	running: true,
	sleeping: true,
	retrying: true,
	dying: true,
	dead: true,
	redrive: true,
	processed: true,
};

/**
 * The state of the row. In a state that a user typed, upper and lower case and spaces make no difference, and
 * `retry` means `redrive`.
 * @throws {ForeignCell}
 */
export function stateIn(row: StoredRow): RowState {
	const state = textIn(row, 'state').trim().toLowerCase();
	if (state === 'retry') return 'redrive';
	if (Object.hasOwn(STATES, state)) return state as RowState;
	throw new ForeignCell(`"${visible(shown(textIn(row, 'state')))}" is none of the states of a row`);
}

/** The text of a cell. Empty when it holds no text. */
export function textIn(row: StoredRow, column: string): string {
	const value = row[column];
	return typeof value === 'string' ? value : '';
}

function jsonIn<T>(row: StoredRow, column: string, schema: object): T {
	let value: unknown;
	try {
		value = JSON.parse(textIn(row, column));
	} catch {
		throw foreign(column);
	}
	if (!Check({}, schema, value)) throw foreign(column);
	return value as T;
}

const foreign = (column: string): ForeignCell =>
	new ForeignCell(`the column ${column} does not hold what the node wrote into it`);
