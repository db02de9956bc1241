import type { INodeProperties } from 'n8n-workflow';
import { numberField } from '../numberBounds';

/** Inside a collection, a path that begins with a slash refers to the parameters of the node itself. */
const shownWhenDurable: INodeProperties['displayOptions'] = { show: { '/durable': [true] } };

/** Storage: the journal. */
export const storageOptions: INodeProperties[] = [
	{
		displayName: 'Storage: Journal Table',
		name: 'journalTable',
		type: 'string',
		default: 'game_insights_journal',
		placeholder: 'e.g. game_insights_journal',
		displayOptions: shownWhenDurable,
		description:
			'Name of the journal, the Data Table that keeps the events. It is created when it is missing; several workflows may share it.',
	},
	{
		displayName: 'Storage: Keep Processed (Hours)',
		name: 'keepProcessed',
		...numberField('keepProcessed'),
		displayOptions: shownWhenDurable,
		description:
			'How long processed events stay in the journal, the Data Table that keeps the events. 0 removes them at once.',
	},
	{
		displayName: 'Storage: Max Journal Size (Megabytes)',
		name: 'maxJournalSize',
		...numberField('maxJournalSize'),
		displayOptions: shownWhenDurable,
		description:
			"How large the journal, the Data Table that keeps the events, may become. Above that, senders get 429. Keep it below n8n's own limit for all Data Tables, which is 200 unless changed.",
	},
];
