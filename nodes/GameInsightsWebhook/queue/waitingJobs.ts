import { Chain } from './chain';
import { DueHeap } from './dueHeap';
import type { Job } from './item';
import { move } from './transitions';

/**
 * The jobs that are in no execution, by what they wait for: a slot, their due time, the end of an outage, or
 * their turn in the order. No other code changes {@link Job.state}.
 */
export class WaitingJobs {
	/** Jobs that wait for a slot: jobs with events, and dead letters whose execution never began. */
	private readonly ready: Chain<Job>;
	private readonly readyLetters: Chain<Job>;
	private readonly scheduled = new DueHeap<Job>();
	private readonly paused: Chain<Job>;
	/** Jobs that wait because earlier events with the same values are not finished. */
	private readonly blocked: Chain<Job>;

	/** @param counter shared with everything else that waits for a slot, so that it is known what came first */
	constructor(counter: { next: number }) {
		this.ready = new Chain(counter);
		this.readyLetters = new Chain(counter);
		this.paused = new Chain(counter);
		this.blocked = new Chain(counter);
	}

	/** When the next job is due. Infinity when none waits for its time. */
	get nextDueAtMs(): number {
		return this.scheduled.nextDueAtMs;
	}

	/** See {@link Chain.firstOrder}: of the jobs of this kind that wait for a slot. */
	firstOrder(kind: Job['kind']): number {
		return this.readyOf(kind).firstOrder;
	}

	/** Removes and returns the first job of this kind that waits for a slot. There has to be one. */
	takeFirst(kind: Job['kind']): Job {
		const job = this.readyOf(kind).first?.value as Job;
		this.remove(job);
		return job;
	}

	/** The job waits for a slot. */
	requeue(job: Job): void {
		job.state = { kind: 'ready', link: this.readyOf(job.kind).append(job) };
	}

	/** The job waits until it is due, and then for a slot. */
	postpone(job: Job, dueAtMs: number): void {
		job.state = { kind: 'scheduled', due: this.scheduled.add(job, dueAtMs) };
	}

	/** Jobs that are due now wait for a slot. */
	requeueDue(elapsedMs: number): void {
		for (
			let job = this.scheduled.takeDue(elapsedMs);
			job !== undefined;
			job = this.scheduled.takeDue(elapsedMs)
		) {
			this.requeue(job);
		}
	}

	/** The job waits until earlier events with the same values of `orderBy` are finished. */
	block(job: Job): void {
		job.state = { kind: 'blocked', link: this.blocked.append(job) };
	}

	/** The job waits for the end of an outage. */
	hold(job: Job): void {
		job.state = { kind: 'paused', link: this.paused.append(job) };
		for (const item of job.openItems) {
			item.held.executions = 0;
			move(item, 'paused');
		}
	}

	/** All jobs with events wait for the end of an outage. */
	holdAll(): void {
		const letters: Array<[Job, number]> = [];
		for (let due = this.scheduled.nextDueAtMs; due < Infinity; due = this.scheduled.nextDueAtMs) {
			const job = this.scheduled.takeDue(due) as Job;
			if (job.kind === 'events') this.requeue(job);
			else letters.push([job, due]);
		}
		for (const [job, due] of letters) this.postpone(job, due);
		for (const chain of [this.ready, this.blocked]) {
			for (let job = chain.first?.value; job !== undefined; job = chain.first?.value) {
				this.remove(job);
				this.hold(job);
			}
		}
	}

	/** The jobs that wait for the end of an outage, in order. Stop reading after a change. */
	*held(): Generator<Job> {
		for (let link = this.paused.first; link !== null; link = link.next) yield link.value;
	}

	/** Whether a job waits for the end of an outage. */
	get hasHeld(): boolean {
		return this.paused.first !== null;
	}

	/** Removes and returns the jobs that wait for the end of an outage, in order. */
	takeHeld(): Job[] {
		const jobs = [...this.held()];
		for (const job of jobs) this.remove(job);
		return jobs;
	}

	/** The job waits for nothing any more. Does nothing when it did not wait. */
	remove(job: Job): void {
		const { state } = job;
		job.state = { kind: 'detached' };
		switch (state.kind) {
			case 'ready':
				this.readyOf(job.kind).remove(state.link);
				return;
			case 'scheduled':
				this.scheduled.remove(state.due);
				return;
			case 'paused':
				this.paused.remove(state.link);
				return;
			case 'blocked':
				this.blocked.remove(state.link);
				return;
			case 'detached':
		}
	}

	private readyOf(kind: Job['kind']): Chain<Job> {
		return kind === 'events' ? this.ready : this.readyLetters;
	}
}
