import type { Size } from './size';

/** How many steps of about a microsecond checking one event against its schema may take. */
const MOST_STEPS_FOR_AN_EVENT = 250_000;
/** How many steps all events of a request may take together: n8n can do nothing else in that time. */
const MOST_STEPS_FOR_A_REQUEST = 1_000_000;

/** Thrown inside an evaluation that takes too many steps. */
class TooManySteps extends Error {}

/** The steps that an evaluation takes for an event of some size. */
export type Cost = (event: Size) => number;

/** The steps that the checks of a request may take. */
export class Budget {
	#left = MOST_STEPS_FOR_A_REQUEST;
	#leftForEvent = 0;
	#size: Size | null = null;

	/** Whether no steps are left. */
	get isSpent(): boolean {
		return this.#left <= 0;
	}

	/**
	 * Evaluates a part of an event.
	 *
	 * @returns Null when that would take too many steps, or go too deep.
	 */
	run<T>(size: Size, evaluate: () => T): T | null {
		this.#size = size;
		this.#leftForEvent = Math.min(this.#left, MOST_STEPS_FOR_AN_EVENT);
		use(this);
		try {
			return evaluate();
		} catch (error) {
			// A RangeError comes from the stack: the schema goes too deep into the event.
			const isTooMuch = error instanceof TooManySteps || error instanceof RangeError;
			return isTooMuch ? null : rethrow(error);
		} finally {
			use(null);
		}
	}

	/** @throws {TooManySteps} */
	spend(cost: number | Cost): void {
		const steps = typeof cost === 'number' ? cost : cost(this.#size as Size);
		this.#left -= steps;
		this.#leftForEvent -= steps;
		if (this.#leftForEvent < 0) throw new TooManySteps();
	}
}

/** Evaluations are synchronous, so there is one at a time. */
let inUse: Budget | null = null;

function use(budget: Budget | null): void {
	inUse = budget;
}

function rethrow(error: unknown): never {
	throw error;
}

/** Has to be called before each action of an evaluation, with its cost. Throws when the total is too much. */
export function spend(cost: number | Cost): void {
	inUse?.spend(cost);
}
