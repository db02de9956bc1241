import type { Arrival } from '../../../nodes/GameInsightsWebhook/queue/arrival';
import { Item, heldRequest } from '../../../nodes/GameInsightsWebhook/queue/item';
import { NO_HISTORY, withAttempt } from '../../../nodes/shared/items/history';
import { move } from '../../../nodes/GameInsightsWebhook/queue/transitions';
import { cellsOfAttempts, rowsOfEvents } from '../../../nodes/GameInsightsWebhook/journal/rows';
import { queuedEvent } from '../../../nodes/GameInsightsWebhook/endpoint/queuedEvent';
import { chapterOfQueued, chaptersOfRow } from '../../../nodes/GameInsights/story/chapter';
import { chaptersOfExecution } from '../../../nodes/GameInsights/story/executions';
import type { EventSearch } from '../../../nodes/GameInsights/story/eventSearch';
import { nothingKnown, storiesOf, storyItem } from '../../../nodes/GameInsights/story/story';

const AT_MS = Date.parse('2026-01-31T12:00:00Z');
const AT = new Date(AT_MS).toISOString();
const EVENTS = [
	{ event_type: 'purchase', event_id: 'e-1', user_id: 'u1' },
	{ event_type: 'purchase', event_id: 'e-2', user_id: 'u2' },
];
const arrival: Arrival = {
	...{
		requestId: 'r',
		receivedAtMs: AT_MS,
		endpoint: '',
		batchSize: 2,
		bytes: 100,
		events: [],
		deadLetters: [],
	},
	sender: { method: 'apiKey', keyId: 'current', claims: null },
	source: { format: 'json', text: JSON.stringify(EVENTS) },
};
const itemAt = (index: number) =>
	new Item(heldRequest(arrival), { arrival, index, deduplicationKey: null }, null);
const failure = { at: AT, executionId: '7', message: 'The shop is down', node: 'Shop' };
const tried = {
	...{
		attempts: 1,
		history: withAttempt(NO_HISTORY, failure),
		firstAttemptAtMs: AT_MS,
		lastAttemptAtMs: AT_MS,
	},
};
const E1: EventSearch = { by: 'event_id', value: 'e-1' };

const TRIGGER = { name: 'Hook', type: 'n8n-nodes-game-insights.gameInsightsWebhookTrigger' };
const delivery = { id: 'r.0', request_id: 'r', attempt: 2, received_at: AT };
const execution = (id: number, status: string, main: object[][], more: object = {}) => ({
	...{ id, status, startedAt: AT, stoppedAt: AT, workflowData: { nodes: [TRIGGER] } },
	data: {
		resultData: {
			runData: { Hook: [{ data: { main: main.map((items) => items.map((json) => ({ json }))) } }] },
		},
	},
	...more,
});
const url = (id: string) => `https://n8n/${id}`;
const items = (...chapters: Parameters<typeof storiesOf>[0]) =>
	storiesOf(chapters).map((story) => storyItem(story, url));

describe('what the queue knows', () => {
	it('by event, by request and by user', () => {
		const found = (search: EventSearch) =>
			[0, 1].flatMap((index) => chapterOfQueued(queuedEvent(itemAt(index)), search)?.deliveryId ?? []);
		expect(found(E1)).toEqual(['r.0']);
		expect(found({ by: 'request_id', value: 'r' })).toEqual(['r.0', 'r.1']);
		expect(found({ by: 'user_id', value: 'u2' })).toEqual(['r.1']);
		expect(found({ by: 'event_id', value: 'r' })).toEqual([]);
	});

	it('tells a retry with its failed attempt, and a link to it', () => {
		const item = itemAt(0);
		item.tried = tried;
		move(item, 'retrying');
		expect(items(chapterOfQueued(queuedEvent(item), E1) as never)).toMatchObject([
			{
				summary: `It came at ${AT}. It was executed once. It failed and waits for its next attempt.`,
				...{ status: 'retrying', event_id: 'e-1', request_id: 'r', received_at: AT },
				attempts: { count: 1, failed: [{ execution_id: '7', message: 'The shop is down', node: 'Shop' }] },
				executions: [{ execution_id: '7', execution_url: 'https://n8n/7', status: 'error' }],
				found_in: ['queue'],
			},
		]);
	});
});

it('a row of several events tells of the one that is search; a broken one tells nothing', () => {
	const cells = rowsOfEvents(arrival, [itemAt(0), itemAt(1)], Infinity)[0]?.cells;
	const row = { ...cells, ...cellsOfAttempts(tried), state: 'retrying', attempt: 1, id: 3 };
	expect(chaptersOfRow(row, 'journal', E1)).toMatchObject([
		{ source: 'journal', status: 'retrying', deliveryId: 'r.0', attempts: 1, history: [failure] },
	]);
	expect(chaptersOfRow({ ...row, details: 'x' }, 'journal', E1)).toEqual([]);
});

describe("what n8n's executions know", () => {
	const letter = {
		event: EVENTS[0],
		reason: 'expired',
		summary: 'Too old.',
		received_at: AT,
		_delivery: delivery,
	};

	it.each([
		[
			'an event that went well',
			execution(8, 'success', [[{ ...EVENTS[0], _delivery: delivery }]]),
			'processed',
			'Events',
		],
		[
			'a retry that failed',
			execution(8, 'error', [[], [{ ...EVENTS[0], _delivery: delivery }]]),
			'failed',
			'Retry',
		],
		[
			'one that sleeps',
			execution(8, 'waiting', [[{ ...EVENTS[0], _delivery: delivery }]]),
			'sleeping',
			'Events',
		],
		['a dead letter', execution(8, 'success', [[], [], [letter]]), 'dead_letter', 'Dead Letter'],
		[
			'an event of a batch',
			execution(8, 'success', [[{ events: EVENTS, _delivery: { request_id: 'r' } }]]),
			'processed',
			'Events',
		],
	])('%s', (_name, one, status, output) => {
		expect(chaptersOfExecution(one, E1)).toMatchObject([{ status, executions: [{ id: '8', output }] }]);
	});

	it('others, notices and other nodes are left out', () => {
		const notice = { stage: 'notice', event: null, _delivery: { request_id: 'r' } };
		expect(chaptersOfExecution(execution(8, 'success', [[EVENTS[1] as object], [], [notice]]), E1)).toEqual(
			[],
		);
		expect(
			chaptersOfExecution(execution(8, 'success', [[], [], [notice]]), { by: 'request_id', value: 'r' }),
		).toEqual([]);
		const elsewhere = execution(8, 'success', [[EVENTS[0] as object]], {
			workflowData: { nodes: [{ name: 'Hook', type: 'n8n-nodes-base.webhook' }] },
		});
		expect(chaptersOfExecution(elsewhere, E1)).toEqual([]);
		for (const odd of [null, 'x', {}, { workflowData: { nodes: [null, 1] }, data: [] }]) {
			expect(chaptersOfExecution(odd, E1)).toEqual([]);
		}
	});

	it('without its data the highlighted data says enough', () => {
		const bare = { id: 9, status: 'error', customData: { event_id: 'e-0, e-1', request_id: 'r' } };
		expect(chaptersOfExecution(bare, E1)).toMatchObject([{ status: 'failed', event: { event_id: 'e-1' } }]);
		expect(chaptersOfExecution(bare, { by: 'event_id', value: 'e' })).toEqual([]);
		expect(chaptersOfExecution(bare, { by: 'request_id', value: 'r' })).toHaveLength(1);
	});
});

describe('one story of all sources', () => {
	it('the queue says where it is now, executions are told once and in order', () => {
		const item = itemAt(0);
		item.tried = tried;
		const known = chapterOfQueued(queuedEvent(item), E1) as never;
		const first = chaptersOfExecution(execution(7, 'error', [[{ ...EVENTS[0], _delivery: delivery }]]), E1);
		const later = chaptersOfExecution(execution(12, 'error', [[{ ...EVENTS[0] }]]), E1);
		expect(items(known, ...later, ...first)).toMatchObject([
			{
				status: 'waiting',
				found_in: ['queue', 'executions'],
				executions: [{ execution_id: '7', output: 'Events' }, { execution_id: '12' }],
			},
		]);
	});

	it('two deliveries of the same event are two stories, the first that came first', () => {
		const again = {
			...delivery,
			id: 'r2.0',
			request_id: 'r2',
			received_at: '2026-02-01T00:00:00Z',
			redrive: { count: 1, of: 'r.0' },
		};
		const letter = {
			event: EVENTS[0],
			reason: 'expired',
			summary: 'Too old.',
			received_at: AT,
			_delivery: delivery,
		};
		const chapters = [
			...chaptersOfExecution(execution(20, 'success', [[{ ...EVENTS[0], _delivery: again }]]), E1),
			...chaptersOfExecution(execution(10, 'success', [[], [], [letter]]), E1),
		];
		expect(items(...chapters)).toMatchObject([
			{
				delivery_id: 'r.0',
				status: 'dead_letter',
				summary: expect.stringMatching(/Reason: expired\.$/),
				dead_letter: { reason: 'expired' },
			},
			{ delivery_id: 'r2.0', status: 'processed', redrive: { count: 1, of: 'r.0' }, attempts: { count: 1 } },
		]);
	});

	it('where nothing is known it says where it looked, harmlessly', () => {
		expect(nothingKnown('<!channel>', ['the queue', 'the journal'])).toEqual({
			...{ status: 'unknown', found_in: [] },
			summary: 'Nothing is known of "‹!channel›". Looked in: the queue, the journal.',
		});
	});
});
