import type { PendingEvent } from '../../../../nodes/GameInsightsWebhook/queue/arrival';
import { Item, Job, heldRequest } from '../../../../nodes/GameInsightsWebhook/queue/item';
import { move } from '../../../../nodes/GameInsightsWebhook/queue/transitions';
import { WaitingJobs } from '../../../../nodes/GameInsightsWebhook/queue/waitingJobs';
import { World } from './fakeEngine';

function jobOf(id: string, kind: Job['kind'] = 'events'): Job {
	const arrival = new World().arrival();
	const event: PendingEvent = { arrival, index: 0, deduplicationKey: null };
	const item = new Item(heldRequest(arrival), event, null);
	move(item, kind === 'events' ? 'retrying' : 'givenUp');
	return new Job(id, kind, [item]);
}

const world = () => ({
	jobs: new WaitingJobs({ next: 0 }),
	...{ a: jobOf('a'), b: jobOf('b'), letters: jobOf('letters', 'deadLetters') },
});

const idsOf = (jobs: Iterable<Job>): string[] => [...jobs].map(({ id }) => id);

it('jobs that wait for a slot leave in the order in which they came, events and dead letters apart', () => {
	const { jobs, a, b, letters } = world();
	for (const job of [b, letters, a]) jobs.requeue(job);
	expect([jobs.firstOrder('events'), jobs.firstOrder('deadLetters')]).toEqual([0, 1]);
	expect(jobs.takeFirst('events')).toBe(b);
	expect(jobs.takeFirst('deadLetters')).toBe(letters);
	expect(jobs.takeFirst('events')).toBe(a);
	expect([jobs.firstOrder('events'), jobs.firstOrder('deadLetters')]).toEqual([Infinity, Infinity]);
});

it('a job that is due waits for a slot from then on', () => {
	const { jobs, a, b } = world();
	jobs.postpone(a, 2_000);
	jobs.postpone(b, 1_000);
	expect(jobs.nextDueAtMs).toBe(1_000);
	jobs.requeueDue(999);
	expect(b.state.kind).toBe('scheduled');
	jobs.requeueDue(1_000);
	expect([b.state.kind, a.state.kind, jobs.nextDueAtMs]).toEqual(['ready', 'scheduled', 2_000]);
	expect(jobs.takeFirst('events')).toBe(b);
});

it('when an outage begins, all jobs with events wait for its end, and dead letters keep their time', () => {
	const { jobs, a, b, letters } = world();
	const blocked = jobOf('blocked');
	jobs.postpone(a, 1_000);
	jobs.postpone(letters, 3_000);
	jobs.block(blocked);
	jobs.requeue(b);
	jobs.holdAll();
	expect(idsOf(jobs.held())).toEqual(['b', 'a', 'blocked']);
	expect([a, b, blocked].map(({ items }) => items[0]?.state)).toEqual(['paused', 'paused', 'paused']);
	expect([letters.state.kind, jobs.nextDueAtMs]).toEqual(['scheduled', 3_000]);
});

it('an execution during an outage does not count for its request', () => {
	const { jobs, a } = world();
	const [item] = a.items as [Item];
	item.held.executions = 5;
	jobs.hold(a);
	expect(item.held.executions).toBe(0);
});

it('when the outage is over, the jobs that waited for it leave in their order', () => {
	const { jobs, a, b } = world();
	for (const job of [b, a]) jobs.hold(job);
	expect(jobs.hasHeld).toBe(true);
	expect(idsOf(jobs.takeHeld())).toEqual(['b', 'a']);
	expect([jobs.hasHeld, a.state.kind, b.state.kind]).toEqual([false, 'detached', 'detached']);
});

it.each([
	['a slot', (jobs: WaitingJobs, job: Job) => jobs.requeue(job)],
	['its time', (jobs: WaitingJobs, job: Job) => jobs.postpone(job, 1_000)],
	['its turn', (jobs: WaitingJobs, job: Job) => jobs.block(job)],
	['the end of an outage', (jobs: WaitingJobs, job: Job) => jobs.hold(job)],
	['nothing', () => undefined],
] as Array<[string, (jobs: WaitingJobs, job: Job) => void]>)(
	'a job that waits for %s can be removed',
	(_, wait) => {
		const { jobs, a } = world();
		wait(jobs, a);
		jobs.remove(a);
		jobs.holdAll();
		jobs.requeueDue(Infinity);
		expect([a.state.kind, jobs.firstOrder('events'), jobs.hasHeld]).toEqual(['detached', Infinity, false]);
	},
);
