import type { Arrival } from '../../nodes/GameInsightsWebhook/queue/arrival';
import { Item, heldRequest } from '../../nodes/GameInsightsWebhook/queue/item';
import { cellsOfDeadLetter, rowsOfEvents } from '../../nodes/GameInsightsWebhook/journal/rows';
import type { Cells } from '../../nodes/shared/dataTables/table';
import type { DeadLetter } from '../../nodes/shared/items/deadLetter';

/** The node that the rows belong to. */
export const NODE = { workflowId: 'w', nodeId: 'n' };

/** A request with these events, known by the keys `event:0`, `event:1`, … */
export function arrivalOf(events: readonly object[], more: Partial<Arrival> = {}): Arrival {
	const text = JSON.stringify(events);
	return {
		requestId: 'r1',
		receivedAtMs: 0,
		endpoint: 'shop',
		sender: { method: 'hmac', keyId: 'current', claims: null },
		source: { format: 'json', text },
		batchSize: events.length,
		bytes: text.length,
		events: events.map((_, index) => ({ index, deduplicationKey: `event:${index}` })),
		deadLetters: [],
		...more,
	};
}

/** The cells of the one row that holds these events. */
export function cellsOfEventRow(events: readonly object[], more: Partial<Arrival> = {}): Cells {
	const arrival = arrivalOf(events, more);
	const held = heldRequest(arrival);
	const items = arrival.events.map((event) => new Item(held, { arrival, ...event }, null));
	const [row] = rowsOfEvents(arrival, items, Infinity);
	return { workflow_id: NODE.workflowId, node_id: NODE.nodeId, attempt: 0, ...row?.cells };
}

/** A dead letter of an event that was tried twice. */
export const letterOf = (event: object, more: Partial<DeadLetter> = {}): DeadLetter => ({
	eventText: JSON.stringify(event),
	raw: null,
	summary: 'It failed.',
	reason: 'retries_exhausted',
	stage: 'deliver',
	errors: [],
	attempts: { count: 2, max: 2, firstAt: null, lastAt: null, history: [] },
	receivedAt: new Date(0).toISOString(),
	deadLetteredAt: new Date(0).toISOString(),
	delivery: { batch: { index: 0 } } as DeadLetter['delivery'],
	redrive: { count: 0, of: null },
	...more,
});

/** The cells of the row of that dead letter in the journal, after it has left on its output. */
export const cellsOfDeadRow = (event: object): Cells => ({
	workflow_id: NODE.workflowId,
	node_id: NODE.nodeId,
	...cellsOfDeadLetter(arrivalOf([event]), letterOf(event), 0),
	state: 'dead',
	owner: '',
	claim: '',
});
