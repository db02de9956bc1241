import type { DeliverySettings } from './deliverySettings';

/** How events are put together into executions. */
export interface Grouping {
	/** How many events one execution carries at most; infinity for a whole request, however large. */
	readonly mostEvents: number;
	/** Whether an execution may carry events of several requests. */
	readonly mixesRequests: boolean;
	/**
	 * Whether events wait until n8n has begun the execution before theirs, so that more of them go together.
	 */
	readonly gathers: boolean;
}

const BY_REQUEST: Grouping = { mostEvents: Infinity, mixesRequests: false, gathers: false };
const ONE_BY_ONE: Grouping = { mostEvents: 1, mixesRequests: false, gathers: false };

/** What the setting `executionPer` means. It is read here and nowhere else. */
export function groupingOf({
	executionPer,
	maxEventsPerExecution,
}: Pick<DeliverySettings, 'executionPer' | 'maxEventsPerExecution'>): Grouping {
	switch (executionPer) {
		case 'request':
			return BY_REQUEST;
		case 'event':
			return ONE_BY_ONE;
		case 'group':
			return { mostEvents: maxEventsPerExecution, mixesRequests: true, gathers: true };
	}
}

/**
 * How dead letters are put together. They do not fail together like events, so an execution for each of them
 * would help nobody.
 */
export const groupingOfDeadLetters = (events: Grouping): Grouping =>
	events.mixesRequests ? events : BY_REQUEST;
