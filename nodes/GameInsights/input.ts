import { randomUUID } from 'crypto';
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';
import { strip } from '../shared/credential/invisible';
import { readJson } from '../shared/json/readJson';
import { readDeadLetter } from './send/deadLetter';
import { eventsOfItem, type OutgoingEvent, withEventId } from './send/outgoingEvent';
import { failedItem, verdictItem } from './send/verdictItem';
import { readMaxRedrives, type SendSettings } from './settings';
import { urlIn } from '../shared/urlIn';

/** An output item, and its position among the others. */
export interface Placed {
	readonly order: number;
	readonly item: INodeExecutionData;
}

/** What was read from the input items. */
export interface Input {
	/** Items that are certain before anything was sent. */
	readonly results: Placed[];
	/** The events to send, by URL. */
	readonly byUrl: ReadonlyMap<string, readonly OutgoingEvent[]>;
	/** The position of each event's item. */
	readonly order: ReadonlyMap<OutgoingEvent, number>;
	/**
	 * Why the first dead letter that is not sent again is not sent. Null when all are sent, or when the node
	 * continues on errors.
	 */
	readonly unsent: NodeOperationError | null;
}

/** What one input item contains. */
type Said =
	| { readonly kind: 'send'; readonly events: readonly OutgoingEvent[] }
	/** There is nothing to send, but also no error. */
	| { readonly kind: 'nothing'; readonly json: Record<string, unknown> }
	/** A dead letter that is not sent again. */
	| { readonly kind: 'unsent'; readonly json: Record<string, unknown>; readonly message: string };

/** Whether failed items go to a separate output. */
export const hasErrorOutput = (context: IExecuteFunctions): boolean =>
	context.getNode().onError === 'continueErrorOutput';

/**
 * Reads every input item.
 * @throws NodeOperationError for one that can't be read, unless the node continues on errors.
 */
export function outgoing(context: IExecuteFunctions, credentialUrl: string, settings: SendSettings): Input {
	const results: Placed[] = [];
	const byUrl = new Map<string, OutgoingEvent[]>();
	const order = new Map<OutgoingEvent, number>();
	let places = 0;
	let unsent: NodeOperationError | null = null;
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		try {
			const url = readUrl(context, itemIndex, credentialUrl);
			const said = readItem(context, itemIndex, settings);
			if (said.kind !== 'send') {
				let { json } = said;
				if (said.kind === 'unsent' && context.continueOnFail())
					json = failedItem(json, said.message, hasErrorOutput(context));
				else if (said.kind === 'unsent') unsent ??= unsentError(context, itemIndex, said.message);
				const item = { json: json as IDataObject, pairedItem: { item: itemIndex } };
				results.push({ order: places++, item });
				continue;
			}
			const toUrl = byUrl.get(url) ?? [];
			byUrl.set(url, toUrl);
			for (const event of said.events) {
				toUrl.push(event);
				order.set(event, places++);
			}
		} catch (error) {
			const failure =
				error instanceof NodeOperationError
					? error
					: new NodeOperationError(context.getNode(), error as Error, { itemIndex });
			if (!context.continueOnFail()) throw failure;
			const said = {
				status: 'rejected',
				message: failure.message,
				event: context.getInputData()[itemIndex]?.json,
			};
			const json = failedItem(said, failure.message, hasErrorOutput(context)) as IDataObject;
			results.push({ order: places++, item: { json, pairedItem: { item: itemIndex } } });
		}
	}
	return { results, byUrl, order, unsent };
}

const unsentError = (context: IExecuteFunctions, itemIndex: number, message: string): NodeOperationError =>
	new NodeOperationError(context.getNode(), message, {
		itemIndex,
		description: 'The dead letter was not sent again.',
	});

/**
 * The URL for an item's events: the node's, else the credential's. @throws NodeOperationError when there is
 * none
 */
export function readUrl(context: IExecuteFunctions, itemIndex: number, credentialUrl: string): string {
	const typed = context.getNodeParameter('url', itemIndex, '');
	const url = (typeof typed === 'string' ? strip(typed) : '') || credentialUrl;
	if (/^https?:\/\//i.test(url) && urlIn(url) !== null) return url;
	const message =
		url === ''
			? 'Fill in the Webhook URL, here or in the credential'
			: 'The Webhook URL must be an address that begins with https:// or http://';
	throw new NodeOperationError(context.getNode(), message, { itemIndex });
}

function readItem(context: IExecuteFunctions, itemIndex: number, settings: SendSettings): Said {
	if (context.getNodeParameter('resource', itemIndex) === 'deadLetter') return readLetter(context, itemIndex);
	const events =
		context.getNodeParameter('eventsFrom', itemIndex) === 'fields'
			? [eventOfFields(context, itemIndex)]
			: eventsOfItem(context.getInputData()[itemIndex]?.json ?? {});
	if (events.length === 0) {
		return {
			kind: 'nothing',
			json: passedOver(itemIndex, 'not_sent', null, 'The list "events" is empty: nothing was sent.'),
		};
	}
	return {
		kind: 'send',
		events: events.map((event) => ({
			event: settings.addEventIds ? withEventId(event, randomUUID) : event,
			itemIndex,
			redrive: null,
		})),
	};
}

function readLetter(context: IExecuteFunctions, itemIndex: number): Said {
	const maxRedrives = readMaxRedrives(context.getNodeParameter('maxRedrives', itemIndex));
	const letter = readDeadLetter(context.getNodeParameter('deadLetter', itemIndex), maxRedrives);
	if (letter.kind === 'redrivable') {
		return { kind: 'send', events: [{ event: letter.event, itemIndex, redrive: letter.redrive }] };
	}
	const { message } = letter;
	if (letter.kind === 'notice') {
		return { kind: 'nothing', json: passedOver(itemIndex, 'notice', null, message) };
	}
	const { redrive, event } = letter;
	return { kind: 'unsent', json: { ...passedOver(itemIndex, 'not_sent', event, message), redrive }, message };
}

const passedOver = (
	itemIndex: number,
	status: 'not_sent' | 'notice',
	event: Readonly<Record<string, unknown>> | null,
	message: string,
): Record<string, unknown> =>
	verdictItem({
		event: { event: event ?? {}, itemIndex, redrive: null },
		status,
		message,
		errors: [],
		request: null,
	});

/** The event in the node's own fields. Empty fields are left out. */
function eventOfFields(context: IExecuteFunctions, itemIndex: number): Record<string, unknown> {
	const more = context.getNodeParameter('additionalFields', itemIndex, {});
	const event: Record<string, unknown> = { event_type: context.getNodeParameter('eventType', itemIndex) };
	const fields = {
		event_id: more.eventId,
		timestamp: more.timestamp,
		user_id: context.getNodeParameter('userId', itemIndex, ''),
	};
	for (const [name, value] of Object.entries(fields)) {
		if (value !== undefined && value !== null && value !== '')
			event[name] = typeof value === 'number' ? String(value) : value;
	}
	const properties = readProperties(context, itemIndex);
	if (Object.keys(properties).length > 0) event.properties = properties;
	return event;
}

function readProperties(context: IExecuteFunctions, itemIndex: number): object {
	const value = context.getNodeParameter('properties', itemIndex, {}) as unknown;
	const parsed = typeof value === 'string' ? readJson(value.trim() || '{}') : value;
	if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
	throw new NodeOperationError(context.getNode(), 'The field Properties must be a JSON object', {
		itemIndex,
		description: 'Write it like { "item": "sword", "amount": 9.99 }, or leave it empty.',
	});
}
