import type { DeliverySettings } from './deliverySettings';

/** How events are combined into executions. */
export interface Grouping {
	/** The most events that one execution carries. Infinity for a whole request of any size. */
	readonly mostEvents: number;
	/** Whether an execution may carry events of several requests. */
	readonly mixesRequests: boolean;
	/**
	 * Whether events wait until n8n has begun the execution before theirs, so that more of them share one
	 * execution.
	 */
	readonly gathers: boolean;
}

const BY_REQUEST: Grouping = { mostEvents: Infinity, mixesRequests: false, gathers: false };
const ONE_BY_ONE: Grouping = { mostEvents: 1, mixesRequests: false, gathers: false };

/** What the setting `executionPer` means. No other code reads that setting. */
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
 * How dead letters are combined. They do not fail together like events, so one execution for each of them
 * would have no advantage.
 */
export const groupingOfDeadLetters = (events: Grouping): Grouping =>
	events.mixesRequests ? events : BY_REQUEST;
