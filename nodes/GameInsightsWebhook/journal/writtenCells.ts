import { Check } from 'typebox/schema';
import { visible } from '../../shared/harmless';
import type { Redrive } from '../../shared/rejectedEvent';
import { CREDENTIAL_BY_AUTHENTICATION } from '../../shared/authenticationMethod';
import type { Sender } from '../intake/receipt';
import type { Source } from '../intake/source';
import type { DeadLetter } from '../items/deadLetter';
import { NEVER_TRIED, type Tried } from '../queue/history';
import type { RowState } from './columns';
import { shown } from './labels';
import type { StoredRow } from './table';

/** What a row holds of the request that brought it; never changed while its events are under way. */
export interface Details {
	readonly request: string;
	readonly receivedAtMs: number;
	readonly endpoint: string;
	readonly sender: Sender;
	readonly batchSize: number;
	/**
	 * How the payload is to be read: one event's text, several events as they were sent, or something that is
	 * no event.
	 */
	readonly holds: 'event' | Source['format'] | 'raw';
	/** Where the row's events stood in the request. */
	readonly indexes: readonly number[];
	/** Where all events of the payload stood in the request, when it holds only some of them. */
	readonly sourceIndexes?: readonly number[];
	readonly keys: ReadonlyArray<string | null>;
	/** Which of the events come out of dead letters, in step with `indexes`; missing when none does. */
	readonly redrives?: ReadonlyArray<Redrive | null>;
	/** When a user last sent it through again, by the clock of the database. */
	readonly redrivenAtMs?: number;
	/** Without the text, which is the payload. */
	readonly deadLetter: DeadLetter | null;
}

/** The attempts so far, as they are kept in one cell. */
export type StoredHistory = Omit<Tried, 'attempts'>;

/**
 * A cell that the node can't go on with: somebody has changed it. The message completes "The row can't be
 * read: …".
 */
export class ForeignCell extends SyntaxError {}

/*
 * What the cells hold that only the node writes, as JSON Schema. Anybody may edit a row in n8n's table view,
 * and a row that would make trouble later, among others, is told apart here.
 */
const WHOLE = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
/** What `Date` can hold. */
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
const HISTORY = object({
	history: object({ count: WHOLE, first: list(ATTEMPT), last: list(ATTEMPT) }),
	firstAttemptAtMs: orNull(TIME_MS),
	lastAttemptAtMs: orNull(TIME_MS),
});
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

/** What the row's request was. @throws {ForeignCell} */
export const detailsIn = (row: StoredRow): Details => jsonIn<Details>(row, 'details', DETAILS);

/** Indexes of the events that are done. @throws {ForeignCell} */
export const doneIn = (row: StoredRow): number[] =>
	textIn(row, 'done') === '' ? [] : jsonIn<number[]>(row, 'done', list(WHOLE));

/** The attempts so far. @throws {ForeignCell} */
export const triedIn = (row: StoredRow): Tried => ({ ...historyIn(row), attempts: attemptsIn(row) });

/** As much of that as can be read: what can't is forgotten. */
export const readableTriedIn = (row: StoredRow): Tried => ({
	...orElse(() => historyIn(row), NEVER_TRIED),
	attempts: orElse(() => attemptsIn(row), 0),
});

/** As {@link doneIn}; none where that can't be read. */
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
	retrying: true,
	dying: true,
	dead: true,
	redrive: true,
	processed: true,
};

/**
 * What the row is. Of what users type the case of the letters and blanks don't count, and `retry` is
 * `redrive`, too.
 * @throws {ForeignCell}
 */
export function stateIn(row: StoredRow): RowState {
	const state = textIn(row, 'state').trim().toLowerCase();
	if (state === 'retry') return 'redrive';
	if (Object.hasOwn(STATES, state)) return state as RowState;
	throw new ForeignCell(`"${visible(shown(textIn(row, 'state')))}" is none of the states of a row`);
}

/** A cell's text; empty where it holds none. */
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
