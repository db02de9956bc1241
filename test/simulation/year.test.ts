import { TableFailure } from '../../nodes/shared/dataTables/table';
import type { Cells } from '../../nodes/shared/dataTables/table';
import { isQuick } from '../support/quick';
import { seeded } from './journalTime';
import { type EventPlan, type EventStory, type SimulatedProcess, World } from './journalWorld';

jest.setTimeout(3_600_000);

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Other seeds in each run; replay one with `SIMULATION_SEED=…`. */
const SEED = Number(process.env.SIMULATION_SEED ?? Date.now() % 2 ** 31);
const DAYS = Number(process.env.SIMULATION_DAYS ?? (isQuick ? 30 : 365));
const REQUESTS_A_DAY = 40;
/** What an earlier version left in the journal. */
const OLD_LETTERS = isQuick ? 2_000 : 100_000;
const FULL_MS = isQuick ? 3 * HOUR_MS : DAY_MS;
const KEEP_DAYS = 30;
const KEY_DAYS = 30;

/** Goes on sending until it is answered with 200, less and less often, as an honest sender does. */
async function send(world: World, plans: readonly EventPlan[], to: () => SimulatedProcess): Promise<void> {
	for (let waitMs = SECOND_MS; ; waitMs = Math.min(10 * MINUTE_MS, 2 * waitMs)) {
		const process = to();
		const arrival = world.arrival(plans, process.now());
		const answered = await Promise.race([
			process.receive(arrival),
			world.time.sleep(30 * SECOND_MS).then(() => false),
		]);
		if (answered && process.isAlive) {
			for (const { id } of plans) (world.stories.get(id) as { answered: boolean }).answered = true;
			return;
		}
		await world.time.sleep(waitMs);
	}
}

/** A dead letter as the version before this one left it: in the journal. */
async function oldLetter(): Promise<Cells> {
	const world = new World(seeded(1));
	world.settings = { ...world.settings, maxRetries: 0, pauseAfterFailedEvents: 0 };
	const leader = world.process('before');
	leader.lead();
	await world.time.until(() => leader.journal?.queue !== null, MINUTE_MS);
	void leader.receive(world.arrival([{ id: 'old', failures: Infinity }], leader.now()));
	await world.time.until(() => world.database.deadLetters.all.length === 1, MINUTE_MS);
	const [{ claim, place, at_ms, reason, id, createdAt, ...letter } = { id: 0 }] =
		world.database.deadLetters.all;
	void [claim, place, at_ms, reason, id, createdAt];
	return { ...letter, events: 1, due: null, done: null, history: null, owner: '', claim: '', place: 0 };
}

interface Month {
	readonly calls: number;
	readonly journalBytes: number;
	readonly registerBytes: number;
	readonly letters: number;
}

const bytesOf = (rows: unknown): number => JSON.stringify(rows).length;

it(`${DAYS} days of traffic, with all that a year brings: nothing is lost, and nothing grows`, async () => {
	process.stderr.write(`Seed ${SEED}\n`);
	const startedAtMs = Date.now();
	const random = seeded(SEED);
	const world = new World(random);
	const { time, database } = world;
	world.settings = { ...world.settings, executionPer: 'group', maxAgeMs: 2 * DAY_MS };
	world.retention = { keepDeadLettersMs: KEEP_DAYS * DAY_MS, maxDeadLetters: 50_000, maxBytes: 1e9 };
	const letter = await oldLetter();
	for (let n = 0; n < OLD_LETTERS; n++) {
		const id = `old ${n}`;
		database.journal.insert([
			{
				...letter,
				payload: JSON.stringify({ event_type: 'test', event_id: id }),
				details: String(letter.details).replaceAll('"r1', `"${id} r1`),
			},
		]);
		const plan = { id, failures: Infinity };
		const before = { answered: true, runs: 1, tries: 1, processed: 0, deadLettered: 1, unexplained: 0 };
		world.stories.set(id, { plan, ...before, processedBy: null });
	}

	let current = world.process('version 2');
	let madeProcesses = 1;
	current.lead();
	const replace = (how: 'stop' | 'kill'): void => {
		const before = current;
		if (how === 'kill') before.kill();
		else void before.journal?.close();
		time.at(time.nowMs + 20 * SECOND_MS, () => {
			current = world.process(`process ${++madeProcesses}`, (random() - 0.5) * HOUR_MS);
			current.lead();
		});
	};
	// Each week n8n is restarted, each month it is killed.
	for (let day = 7; day < DAYS; day += 7) time.at(day * DAY_MS + 3 * HOUR_MS, () => replace('stop'));
	for (let day = 17; day < DAYS; day += 30) time.at(day * DAY_MS + random() * DAY_MS, () => replace('kill'));
	// Each month the key ends, and somebody needs a while to make a new one.
	const keyEnds = (day: number): void => {
		world.keyExpiresAtMs = 1_700_000_000_000 + day * DAY_MS;
		time.at(day * DAY_MS, () => {
			database.failureOf = () => new TableFailure('refused', 'simulated: the key has ended', true);
		});
		time.at(day * DAY_MS + random() * 10 * MINUTE_MS, () => {
			database.failureOf = () => null;
			if (day + KEY_DAYS < DAYS) keyEnds(day + KEY_DAYS);
		});
	};
	keyEnds(KEY_DAYS);
	// Three outages of some hours, and two days on which other workflows have filled n8n's tables.
	for (const part of [0.2, 0.5, 0.8]) {
		time.at(part * DAYS * DAY_MS, () => (world.isDown = true));
		for (let n = 0; n < 40; n++) time.at(part * DAYS * DAY_MS + random() * HOUR_MS, () => sendOne());
		time.at(part * DAYS * DAY_MS + (2 + 6 * random()) * HOUR_MS, () => (world.isDown = false));
	}
	for (const part of [0.35, 0.65]) {
		time.at(part * DAYS * DAY_MS, () => (database.isFull = true));
		time.at(part * DAYS * DAY_MS + FULL_MS, () => (database.isFull = false));
	}
	// A call fails now and then.
	database.faultOf = () => (random() < 0.0005 ? (random() < 0.5 ? 'before' : 'after') : 'none');

	let requests = 0;
	const sendOne = (): void => {
		const size = random() < 0.9 ? 1 : 1 + Math.floor(random() * 20);
		const plans = Array.from({ length: size }, (_, n) => {
			const kind = random();
			return { id: `${requests}.${n}`, failures: kind < 0.93 ? 0 : kind < 0.98 ? 1 : Infinity };
		});
		requests++;
		void send(world, plans, () => current);
	};
	const sendSome = (): void => {
		sendOne();
		if (time.nowMs < DAYS * DAY_MS)
			time.at(time.nowMs - Math.log(random()) * (DAY_MS / REQUESTS_A_DAY), sendSome);
	};
	time.at(MINUTE_MS, sendSome);
	// A user sends dead letters again from time to time.
	for (let day = 3; day < DAYS; day += 10) {
		time.at(day * DAY_MS, () => {
			const [oldest] = database.deadLetters.read([{ columnName: 'id', condition: 'gte', value: 1 }], 1);
			const filter = [{ columnName: 'id', condition: 'eq' as const, value: oldest?.id ?? 0 }];
			database.deadLetters.update(filter, { state: 'redrive' });
		});
	}

	const months: Month[] = [];
	for (let day = 30; day <= DAYS; day += 30) {
		const before = database.calls;
		time.at(day * DAY_MS, () => undefined);
		await time.until(() => time.nowMs >= day * DAY_MS, 31 * DAY_MS);
		months.push({
			calls: database.calls - before,
			journalBytes: bytesOf(database.journal.all),
			registerBytes: bytesOf(database.register.all),
			letters: database.deadLetters.all.length,
		});
	}
	const isDone = (): boolean =>
		time.nowMs > DAYS * DAY_MS &&
		world.open === 0 &&
		[...world.stories.values()].every(({ answered }) => answered);
	expect(await time.until(isDone, 10 * DAY_MS)).toBe(true);

	const stories = [...world.stories.values()];
	const seconds = Math.round((Date.now() - startedAtMs) / 1_000);
	const noticed = Object.fromEntries(
		[...new Set(world.notices)].map((reason) => [
			reason,
			world.notices.filter((one) => one === reason).length,
		]),
	);
	process.stderr.write(
		`${DAYS} days in ${seconds} s: ${stories.length} events, ${database.calls} calls, ${madeProcesses} processes, notices ${JSON.stringify(noticed)}\n${months.map((month) => JSON.stringify(month)).join('\n')}\n`,
	);
	expect(world.lost).toEqual([]);
	expect(world.attemptsRunTwice).toEqual([]);
	// What can't be processed is a dead letter. Of the others, an outage may cost what its breaker allows.
	const isBad = ({ plan }: EventStory): boolean => plan.failures === Infinity;
	expect(stories.filter((story) => isBad(story) && story.deadLettered === 0)).toEqual([]);
	const cost = stories.filter((story) => !isBad(story) && story.processed === 0);
	expect(cost.length).toBeLessThanOrEqual(3 * world.settings.pauseAfterFailedEvents);
	// The old dead letters left the journal in the first month, and their table after their days.
	expect(database.journal.all).toEqual([]);
	expect(months.at(-1)?.letters).toBeLessThan(5_000);
	// No month costs much more than another, but for the days without room, when n8n is asked often.
	const calls = months.map((month) => month.calls).sort((one, other) => one - other);
	const median = calls[Math.floor(calls.length / 2)] ?? 0;
	expect(calls.at(-3) ?? 0).toBeLessThan(1.2 * median);
	expect(calls.at(-1)).toBeLessThan(2 * median);
	for (const month of months) {
		expect(month.journalBytes).toBeLessThan(50_000);
		expect(month.registerBytes).toBeLessThan(100_000);
	}
	expect(noticed).toMatchObject({ outage: 3, recovered: 3 });
});
