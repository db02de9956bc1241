import {
	type Demand,
	hasRoom,
	type Occupancy,
} from '../../../../nodes/GameInsightsWebhook/queue/backpressure';
import { DEFAULTS } from './fakeEngine';

const UNORDERED = { behind: 0, following: 0, mostOfOne: 0 };
const NOTHING: Demand = { events: 0, deadLetters: 0, bytes: 100, awaited: 0, order: UNORDERED };
/** One event waits, so a request has to fit. */
const BUSY: Occupancy = { waiting: 1, heldBytes: 100, joins: 0, freeSlots: 0 };
const MIB = 1024 * 1024;

type Case = [title: string, demand: Partial<Demand>, queue: Partial<Occupancy>, fits: boolean];

describe('the room of a queue in which 10 may wait', () => {
	const settings = { ...DEFAULTS, maxPendingEvents: 10 };

	it.each<Case>([
		['as many as are left', { events: 9 }, {}, true],
		['one more', { events: 10 }, {}, false],
		['dead letters, which count as well', { events: 5, deadLetters: 5 }, {}, false],
		['any number where nothing waits', { events: 1_000 }, { waiting: 0 }, true],
		['nothing but repeats, into a full queue', {}, { waiting: 10 }, true],
		['no more than 64 MiB of bodies', { events: 1, bytes: 1 }, { heldBytes: 64 * MIB }, false],
		['64 MiB of bodies', { events: 1, bytes: MIB }, { heldBytes: 63 * MIB }, true],
		['one body of any size where nothing is held', { events: 1, bytes: 65 * MIB }, { heldBytes: 0 }, true],
		['any number of joins where there are none', { awaited: 1_000 }, {}, true],
		['as many joins as are left', { awaited: 4 }, { joins: 6 }, true],
		['one join more', { awaited: 5 }, { joins: 6 }, false],
		['a request that joins nothing, whatever is joined', { events: 1 }, { joins: 11 }, true],
	])('%s', (_title, demand, queue, fits) => {
		expect(hasRoom({ ...NOTHING, ...demand }, { ...BUSY, ...queue }, settings)).toBe(fits);
	});
});

describe('what starts at once needs no room', () => {
	type Started = [
		executionPer: 'request' | 'event' | 'group',
		freeSlots: number,
		demand: Partial<Demand>,
		started: number,
	];

	it.each<Started>([
		['request', 0, { events: 7 }, 0],
		['request', 1, { events: 7 }, 7],
		['request', 1, { events: 7, deadLetters: 2 }, 7],
		['request', 2, { events: 7, deadLetters: 2 }, 9],
		['request', 1, { deadLetters: 2 }, 2],
		['event', 3, { events: 7, deadLetters: 2 }, 3],
		['event', 3, { events: 2, deadLetters: 2 }, 4],
		['group', 1, { events: 7 }, 4],
		['group', 3, { events: 7 }, 4],
		['group', 3, { events: 17 }, 12],
		['group', 3, { events: 2, deadLetters: 2 }, 2],
		['group', 3, { deadLetters: 2 }, 2],
	])('an execution per %s, %d slots free, %j: %d', (executionPer, freeSlots, demand, started) => {
		const wanted = { ...NOTHING, ...demand };
		const waiting = 1 + wanted.events + wanted.deadLetters - started;
		const settings = { ...DEFAULTS, executionPer, maxEventsPerExecution: 4 };
		const queue = { ...BUSY, freeSlots };
		expect(hasRoom(wanted, queue, { ...settings, maxPendingEvents: waiting })).toBe(true);
		expect(hasRoom(wanted, queue, { ...settings, maxPendingEvents: waiting - 1 })).toBe(false);
	});
});
