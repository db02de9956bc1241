import type { Arrival, JobContent, Outcome } from '../../nodes/GameInsightsWebhook/queue/arrival';
import { eventTexts } from '../../nodes/shared/events/slice';
import { type EventPlan, type SimulatedProcess, World, send } from './journalWorld';
import { seeded } from './journalTime';
import { OrderBooks, type Running } from './orderBooks';

const HEALING_MS = 3_000_000;
const EVENTS_PER_SENDER = 40;

/** What came of a world with a journal. */
export interface DurableOrderReport {
	readonly books: OrderBooks;
	readonly events: number;
	readonly kills: number;
	readonly stops: number;
	/** Events that were processed more than once, as a kill can bring about. */
	readonly repeated: number;
	/** Attempts of an event that began twice. */
	readonly attemptsRunTwice: number;
	/** Events that never came to an end. */
	readonly left: number;
}

/** A world whose events have a user, and that watches their order. */
class OrderedWorld extends World {
	readonly books = new OrderBooks();
	isAway = false;
	private readonly running = new Map<JobContent, Running>();

	override arrival(plans: readonly EventPlan[], receivedAtMs: number): Arrival {
		const arrival = super.arrival(plans, receivedAtMs);
		const users = plans.map(({ id }) => userOf(id));
		const events = plans.map(({ id }, at) => ({ event_type: 'test', event_id: id, user_id: users[at] }));
		const text = JSON.stringify(events.length === 1 ? events[0] : events);
		return {
			...arrival,
			source: { format: 'json', text },
			events: arrival.events.map((event, at) => ({ ...event, orderKey: `=${users[at]}` })),
		};
	}

	override began(process: SimulatedProcess, unit: JobContent): Exclude<Outcome, { kind: 'asleep' }> {
		const outcome = super.began(process, unit);
		if (unit.kind === 'deadLetters') return outcome;
		this.running.set(unit, this.books.started(idsIn(unit), process));
		return this.isAway
			? { kind: 'failed', failure: { executionId: null, message: '503', node: null } }
			: outcome;
	}

	override ended(process: SimulatedProcess, unit: JobContent, outcome: Outcome): void {
		super.ended(process, unit, outcome);
		const running = this.running.get(unit);
		this.running.delete(unit);
		if (running !== undefined) this.books.ended(running);
		if (unit.kind === 'deadLetters') {
			for (const { eventText } of unit.deadLetters) {
				if (eventText !== null) this.books.over((JSON.parse(eventText) as { event_id: string }).event_id);
			}
		} else if (outcome.kind === 'processed') for (const id of idsIn(unit)) this.books.over(id);
	}
}

const userOf = (id: string): string => id.split('/')[0] as string;

const idsIn = (unit: JobContent & { kind: 'events' }): string[] =>
	unit.events.map(({ arrival, index }) => {
		const [text] = eventTexts(arrival.source, [arrival.sourceIndexes?.indexOf(index) ?? index]);
		return (JSON.parse(text ?? '{}') as { event_id: string }).event_id;
	});

/**
 * One process after the other delivers; each is stopped or killed, calls to the table fail, the workflow is
 * away for a while. Senders send their users' events one request after the other, each until it was answered,
 * either all to the process that delivers or all to one that only takes them in.
 */
export async function playDurableOrder(seed: number, requests: number): Promise<DurableOrderReport> {
	const random = seeded(seed);
	const world = new OrderedWorld(random);
	world.orderBy = ['user_id'];
	world.settings = {
		...world.settings,
		executionPer: (['group', 'request', 'event'] as const)[seed % 3] as 'group',
		pauseAfterFailedEvents: random() < 0.5 ? 25 : 0,
	};
	world.database.delayMs = () => 1 + random() * 40;
	const faults = random() < 0.5 ? 0.02 : 0;
	world.database.faultOf = () => (random() >= faults ? 'none' : random() < 0.5 ? 'before' : 'after');
	const spread = requests * 60;
	let made = 0;
	let kills = 0;
	let stops = 0;
	let leader!: SimulatedProcess;
	const raise = (): void => {
		leader = world.process(`leader ${++made}`, [60_000, -60_000, 0][made % 3]);
		leader.wasTroubled = true;
		leader.lead();
	};
	raise();
	const depositor = world.process('depositor');
	const isDeposited = random() < 0.3;
	for (let end = 0; end < 5; end++) {
		const isKill = random() < 0.6;
		world.time.at(random() * spread, () => {
			if (!leader.isAlive) return;
			if (isKill) kills++;
			else stops++;
			const last = leader;
			if (isKill) last.kill();
			else void last.journal?.close();
			world.time.at(world.time.nowMs + (isKill ? 3_000 : 1), () => leader === last && raise());
		});
	}
	const awayFromMs = random() * spread;
	world.time.at(awayFromMs, () => (world.isAway = true));
	world.time.at(awayFromMs + random() * 20_000, () => (world.isAway = false));

	let sending = 0;
	const sender = async (name: number, everyMs: number): Promise<void> => {
		sending++;
		let numbers = 0;
		for (let request = 0; request < EVENTS_PER_SENDER / 2; request++) {
			await world.time.sleep(random() * everyMs);
			const size = random() < 0.6 ? 1 : 1 + Math.floor(random() * 12);
			const plans = Array.from({ length: size }, (): EventPlan => {
				const kind = random();
				const failures = kind < 0.93 ? 0 : kind < 0.985 ? 1 + Math.floor(random() * 2) : Infinity;
				return { id: `u${name}-${Math.floor(random() * 2)}/${++numbers}`, failures };
			});
			for (const { id } of plans) world.books.came(id, userOf(id));
			await send(world, plans, () => (isDeposited ? depositor : leader));
		}
		sending--;
	};
	const senders = Math.ceil(requests / (EVENTS_PER_SENDER / 2));
	// The first one never pauses: its users are hot.
	for (let name = 0; name < senders; name++)
		void sender(name, name === 0 ? 10 : (2 * spread) / EVENTS_PER_SENDER);
	await world.time.until(() => world.time.nowMs > spread, spread + 1);
	world.database.faultOf = () => 'none';
	await world.time.until(() => sending === 0 && world.open === 0, HEALING_MS);
	const stories = [...world.stories.values()];
	return {
		books: world.books,
		events: stories.length,
		kills,
		stops,
		repeated: stories.filter(({ processed }) => processed > 1).length,
		attemptsRunTwice: world.attemptsRunTwice.length,
		left: sending + world.open + world.lost.length + world.books.open,
	};
}
