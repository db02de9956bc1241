import { isJsonObject, ownMember } from '../../shared/json/jsonValue';
import { withoutDelivery } from '../send/outgoingEvent';
import type { StoryStatus } from '../../shared/items/knownEvent';
import { type Chapter, type StoryExecution, ownText } from './chapter';
import { type EventSearch, matchesSearch } from './eventSearch';

/** The end of the trigger's node type, which is the same under any package name. */
const TRIGGER_TYPE = '.gameInsightsWebhookTrigger';
const OUTPUTS = ['Events', 'Retry', 'Dead Letter'] as const;

/** An execution from n8n's API, with the fields that are read here. */
type Json = Readonly<Record<string, unknown>>;

const at = (value: unknown, ...keys: string[]): unknown =>
	keys.reduce<unknown>((inner, key) => ownMember(inner, key), value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What an execution, as returned by n8n's API with its data, knows about matching events. */
export function chaptersOfExecution(execution: unknown, search: EventSearch): Chapter[] {
	if (!isJsonObject(execution)) return [];
	const triggers = list(at(execution, 'workflowData', 'nodes')).filter((node) =>
		ownText(node, 'type')?.endsWith(TRIGGER_TYPE),
	);
	const outputs = triggers.flatMap((node) =>
		list(at(execution, 'data', 'resultData', 'runData', ownText(node, 'name') ?? '')).map((run) =>
			list(at(run, 'data', 'main')),
		),
	);
	if (outputs.length === 0) return chaptersOfHighlights(execution, search);
	return outputs.flatMap((main) =>
		OUTPUTS.flatMap((output, place) =>
			list(main[place]).flatMap((item) =>
				eventsOf(ownMember(item, 'json'), output)
					.filter(({ event, requestId }) => matchesSearch(search, event, requestId))
					.map((found) => chapterOf(execution, output, found)),
			),
		),
	);
}

/** An event in an item of the trigger. */
interface Found {
	readonly event: Json | null;
	readonly delivery: unknown;
	readonly requestId: string | null;
	readonly deliveryId: string | null;
	readonly letter: Json | null;
}

function eventsOf(json: unknown, output: StoryExecution['output']): Found[] {
	if (!isJsonObject(json)) return [];
	const delivery = ownMember(json, '_delivery');
	const ids = { delivery, requestId: ownText(delivery, 'request_id'), deliveryId: ownText(delivery, 'id') };
	if (output === 'Dead Letter') {
		if (json.stage === 'notice') return [];
		return [{ ...ids, event: isJsonObject(json.event) ? json.event : null, letter: json }];
	}
	const event = withoutDelivery(json);
	const several = list(event.events).filter(isJsonObject);
	if (!('event_type' in event) && several.length > 0) {
		// For a batch that is kept together, n8n's item contains only the request.
		const deliveryId = several.length === 1 ? ids.deliveryId : null;
		return several.map((one) => ({ ...ids, deliveryId, event: one, letter: null }));
	}
	return [{ ...ids, event, letter: null }];
}

function chapterOf(execution: Json, output: StoryExecution['output'], found: Found): Chapter {
	const { delivery, letter } = found;
	const attempt = letter === null ? ownMember(delivery, 'attempt') : null;
	const redrive = ownMember(letter ?? delivery, 'redrive');
	const count = ownMember(redrive, 'count');
	return {
		...chapterOfAny(execution, output, typeof attempt === 'number' ? attempt : null),
		deliveryId: found.deliveryId,
		requestId: found.requestId,
		event: found.event,
		receivedAt: ownText(letter, 'received_at') ?? ownText(delivery, 'received_at'),
		deadLetter:
			letter === null
				? null
				: { reason: ownText(letter, 'reason') ?? '', summary: ownText(letter, 'summary') ?? '' },
		redrive: typeof count === 'number' && count > 0 ? { count, of: ownText(redrive, 'of') } : null,
	};
}

/**
 * If n8n does not return an execution's data (too large, or not allowed for this key), its highlighted data
 * still contains the ids of the events.
 */
function chaptersOfHighlights(execution: Json, { by, value }: EventSearch): Chapter[] {
	if (by === 'user_id') return [];
	const names = ownText(execution.customData, by)?.split(', ') ?? [];
	if (!names.includes(value)) return [];
	const isLetter = ownText(execution.customData, 'reason') !== null;
	return [
		{
			...chapterOfAny(execution, isLetter ? 'Dead Letter' : null, null),
			...(by === 'event_id' ? { event: { event_id: value } } : { requestId: value }),
		},
	];
}

function chapterOfAny(execution: Json, output: StoryExecution['output'], attempt: number | null): Chapter {
	const id = String(execution.id);
	const status = ownText(execution, 'status') ?? 'unknown';
	const times = { startedAt: ownText(execution, 'startedAt'), stoppedAt: ownText(execution, 'stoppedAt') };
	return {
		source: 'executions',
		status: statusOf(status, output),
		...{ deliveryId: null, requestId: null, event: null, receivedAt: null, attempts: null, history: [] },
		executions: [{ id, status, ...times, output, attempt }],
		...{ deadLetter: null, redrive: null },
	};
}

function statusOf(status: string, output: StoryExecution['output']): StoryStatus {
	if (output === 'Dead Letter') return 'dead_letter';
	if (status === 'success') return 'processed';
	if (status === 'waiting') return 'sleeping';
	return status === 'running' || status === 'new' ? 'running' : 'failed';
}
