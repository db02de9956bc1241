import { isJsonObject, ownMember } from '../../../shared/json/jsonValue';
import { linesOf } from '../../../shared/events/lines';
import { readExactly } from '../../../shared/json/longNumbers';
import { sourceMayHoldLongNumbers } from '../../../shared/events/sourceNumbers';
import { redrivesIn } from '../parse/redrives';
import { sliceEvents } from '../../../shared/events/slice';
import { BadLine } from '../../../shared/events/valuesIn';
import type { AcceptedEvent } from '../receipt';
import type { Sender } from '../../../shared/items/sender';
import type { EventError, Redrive, RejectedEvent } from '../../../shared/rejectedEvent';
import type { IntakeRules } from '../rules';
import type { Source } from '../../../shared/events/source';
import { checkEvent } from './checkEvent';
import { errorsOfEvent, errorsOfRequest, type FaultyEvent } from './errorLimit';
import { identityForSender, identityOf, identityOfRedrive, identityOfSender } from './eventIdentity';
import type { Fault } from './fault';
import { orderKeyOf } from './orderKey';
import { Budget } from './schema/budget';
import { summarise } from './summary';
import { unkeepable } from './unkeepable';

/** The events that were read from a body. */
export interface ReadEvents {
	readonly source: Source;
	/** The value at each position: any JSON value, or a bad line. */
	readonly values: readonly unknown[];
}

/** The result of each event of a request. */
export interface Verdicts {
	readonly accepted: readonly AcceptedEvent[];
	readonly rejected: readonly RejectedEvent[];
	/** How many events have a type that is not accepted. */
	readonly ignored: number;
	/** The errors for the answer. */
	readonly errors: readonly EventError[];
}

interface Rejection extends FaultyEvent {
	readonly index: number;
	/** What a dead letter can contain: the event as an object, or only its text. */
	readonly keeps: 'event' | 'text';
}

/**
 * Checks the events of a request, each separately: an invalid one does not affect a valid one.
 *
 * @param receivedAtMs Milliseconds since the epoch; infinity when no time counts as in the future.
 * @param request Who sent it, and its identity; null when it has none.
 * @param idWithin Paths in the properties of events to the values within which their ids are unique.
 */
export function validate(
	read: ReadEvents,
	rules: IntakeRules,
	receivedAtMs: number,
	request: { readonly sender: Sender; readonly deduplicationKey: string | null },
	idWithin: ReadonlyArray<readonly string[]> = [],
): Verdicts {
	const sender = identityOfSender(request.sender);
	const accepted: AcceptedEvent[] = [];
	let rejections: Rejection[] = [];
	const redrives = redrivesIn(read.source, read.values.length);
	const texts = sourceMayHoldLongNumbers(read.source) ? sliceEvents(read.source) : [];
	let ignored = 0;
	const budget = new Budget();
	for (const [index, value] of read.values.entries()) {
		if (isIgnored(value, rules.eventTypes)) {
			ignored++;
			continue;
		}
		// An event that is sent again from a dead letter may come from a sender with its own clock.
		const clockMs = redrives[index] ? Number.POSITIVE_INFINITY : receivedAtMs;
		const rejection = judge(value, texts[index], index, rules, clockMs, budget);
		if (rejection !== null) rejections.push(rejection);
		else {
			const identity = identityOf(value, index, request.deduplicationKey, idWithin);
			const orderKey = rules.orderBy === null ? null : orderKeyOf(value, rules.orderBy);
			const event = acceptedEvent(index, sender, identity, redrives[index]);
			accepted.push(orderKey === null ? event : { ...event, orderKey });
		}
	}
	rejections = withLines(rejections, read.source);
	return {
		accepted,
		rejected: rejectedEvents(rejections, read, redrives),
		ignored,
		errors: errorsOfRequest(rejections),
	};
}

function acceptedEvent(
	index: number,
	sender: string | null,
	identity: string | null,
	redrive: Redrive | null | undefined,
): AcceptedEvent {
	if (!redrive) return { index, deduplicationKey: identityForSender(sender, identity) };
	const deduplicationKey = identityForSender(sender, identityOfRedrive(redrive, identity));
	return { index, deduplicationKey, redrive };
}

/** Adds the line number of each event, where events are lines. */
function withLines(rejections: Rejection[], { format, text }: Source): Rejection[] {
	if (rejections.length === 0 || format === 'json') return rejections;
	const lines = Array.from(linesOf(text), ({ number }) => number);
	return rejections.map((rejection) => ({ ...rejection, line: lines[rejection.index] }));
}

/** Whether the type is not accepted. A blank type, or one that is no text, is a fault instead. */
function isIgnored(value: unknown, eventTypes: ReadonlySet<string> | null): boolean {
	if (eventTypes === null) return false;
	const type = isJsonObject(value) ? ownMember(value, 'event_type') : undefined;
	return typeof type === 'string' && type.trim() !== '' && !eventTypes.has(type);
}

/**
 * The faults of an event. Null when it is valid.
 *
 * @param text The event as it was sent, if the value may contain numbers as texts: they are checked as
 * numbers.
 */
function judge(
	value: unknown,
	text: string | undefined,
	index: number,
	rules: IntakeRules,
	receivedAtMs: number,
	budget: Budget,
): Rejection | null {
	if (value instanceof BadLine) {
		return { index, keeps: 'text', faults: [{ code: 'json', path: '', message: value.message }] };
	}
	const unkept = unkeepable(value);
	if (unkept !== null) return { index, keeps: 'text', faults: [unkept] };
	const sent = text === undefined ? value : readExactly(text);
	const faults = withoutRepeats([
		...checkEvent(sent, rules.fields, receivedAtMs),
		...schemaFaults(sent, rules.schemas, budget),
	]);
	return faults.length === 0 ? null : { index, keeps: 'event', faults };
}

function schemaFaults(event: unknown, schemas: IntakeRules['schemas'], budget: Budget): Fault[] {
	const type = isJsonObject(event) ? ownMember(event, 'event_type') : undefined;
	return (typeof type === 'string' ? schemas.get(type)?.faultsOf(event, budget) : undefined) ?? [];
}

/** Removes repeated faults: a schema may require the same as the general rules. */
function withoutRepeats(faults: readonly Fault[]): Fault[] {
	const isTold = (fault: Fault, index: number): boolean =>
		faults.findIndex(({ code, path }) => code === fault.code && path === fault.path) < index;
	return faults.length < 2 ? [...faults] : faults.filter((fault, index) => !isTold(fault, index));
}

function rejectedEvents(
	rejections: readonly Rejection[],
	{ source, values }: ReadEvents,
	redrives: ReadonlyArray<Redrive | null>,
): RejectedEvent[] {
	if (rejections.length === 0) return [];
	const texts = sliceEvents(source);
	return rejections.map((rejection) => {
		const { index, keeps } = rejection;
		const value = values[index];
		const text = texts[index] ?? '';
		const isBadLine = value instanceof BadLine;
		return {
			index,
			eventText: keeps === 'event' ? text : null,
			raw: keeps === 'text' ? text : null,
			reason: isBadLine ? 'malformed_body' : 'invalid_event',
			stage: isBadLine ? 'parse' : 'validate',
			summary: summarise(rejection, value, values.length),
			errors: errorsOfEvent(rejection),
			...(redrives[index] ? { redrive: redrives[index] } : {}),
		};
	});
}
