import type { INodeProperties } from 'n8n-workflow';
import type { EventFormat, FieldPaths } from '../../shared/formats/format';
import { FORMATS } from '../../shared/formats/formats';

const CUSTOM = 'custom';
const EXAMPLE_ROWS = 12;
const formats = [...FORMATS];
const shownWithCustom: INodeProperties['displayOptions'] = { show: { eventFormat: [CUSTOM] } };

/** How the sender writes events. */
export const eventFormatProperties: INodeProperties[] = [
	{
		displayName: 'Event Format',
		name: 'eventFormat',
		type: 'options',
		options: [
			...formats.map(([value, { displayName: name, description }]) => ({ name, value, description })),
			{
				name: 'Custom',
				value: CUSTOM,
				description: 'Any other format: you enter where its fields are',
			},
			{
				name: 'Game Insights',
				value: 'gameInsights',
				description: 'Events with event_type, one by one, in a list, or as lines',
			},
		].sort((one, other) => (one.name < other.name ? -1 : 1)),
		default: 'gameInsights',
		description:
			'How the sender writes its events. In every format, items have event_type, user_id, timestamp and event_id, and the event as it was sent under properties. Senders that you choose in an HMAC credential do not need this.',
	},
	...formats.flatMap(([name, format]) => [
		notice(name, `${format.setUp} ${whatArrives(format)}`),
		example(name, format),
	]),
	notice(
		CUSTOM,
		'Enter the path of each field inside an event, with dots: data.player.id. Start with $. for a path from the top of the body, or with $header. for a header: $header.x-event-type.',
	),
	path(
		'Events Path',
		'eventsPath',
		'e.g. data.events',
		'Where the list of events is in the body. Empty: the body itself is an event or a list of events.',
	),
	path(
		'Event Type Path',
		'eventTypePath',
		'e.g. event.name',
		'Where the type of an event is. An event without a type goes to Dead Letter.',
	),
	path(
		'Event ID Path',
		'eventIdPath',
		'e.g. id',
		'Where the ID of an event is, by which repeats are recognized. It must be unique for each event.',
	),
	path('User ID Path', 'userIdPath', 'e.g. player.id', 'Where the ID of the player or user is'),
	path(
		'Timestamp Path',
		'timestampPath',
		'e.g. time',
		'Where the time of an event is: an RFC 3339 date and time, or seconds, milliseconds or microseconds since 1970',
	),
];

/** A text about the fields that users will see, and where they come from. */
function whatArrives({ fields, keys }: EventFormat): string {
	const places: Array<[name: string, paths: FieldPaths]> = [
		['event_type', fields.eventType],
		['user_id', fields.userId],
		['timestamp', fields.timestamp],
		['event_id', fields.eventId],
	];
	const words = places
		.filter(([, paths]) => paths.length > 0)
		.map(([name, paths]) => `${name} from ${paths.map(inWords).join(' or ')}`);
	return `Each item has ${words.join(', ')}, and ${theOriginal(keys)} under properties.`;
}

function theOriginal(keys: EventFormat['keys'] = []): string {
	return `the event as it was sent${keys.length === 0 ? '' : `, without ${keys.join(' and ')},`}`;
}

function inWords(entry: FieldPaths[number]): string {
	if (typeof entry === 'string') return entry.replace(/^\$\./, '');
	return `${entry.path} (of a ${entry.where[1]})`;
}

/** A request in the sender's format and the resulting item, as code that users can read and copy. */
function example(
	name: string,
	{ displayName, example: { sent, arrives }, keys }: EventFormat,
): INodeProperties {
	const item = JSON.stringify({ ...arrives, properties: {} }, null, 2);
	return {
		displayName: 'Example',
		name: `${name}Example`,
		type: 'string',
		typeOptions: { editor: 'jsEditor', editorIsReadOnly: true, rows: EXAMPLE_ROWS },
		default: [
			`// What ${displayName} sends`,
			JSON.stringify(sent, null, 2),
			'',
			'// The item that the workflow gets',
			item.replace(/\{\}(?=\n\}$)/, `{ /* ${theOriginal(keys).replace(/,$/, '')} */ }`),
		].join('\n'),
		displayOptions: { show: { eventFormat: [name] } },
		description:
			'What the sender writes, and which fields arrive. To have such an event here before there is a sender, use Send Test Event of the Game Insights Webhook node.',
	};
}

function path(displayName: string, name: string, placeholder: string, description: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'string',
		default: '',
		placeholder,
		displayOptions: shownWithCustom,
		description,
	};
}

function notice(format: string, words: string): INodeProperties {
	return {
		displayName: words,
		name: `${format}FormatNotice`,
		type: 'notice',
		default: '',
		displayOptions: { show: { eventFormat: [format] } },
	};
}
