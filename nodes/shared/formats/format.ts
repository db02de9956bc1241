import type { FixedAnswer } from '../answers';
import type { JsonObject } from '../json/jsonValue';

/**
 * The path to a value, as names with dots between them: `a.b` in the event, `$.a.b` in the body that
 * contained the event, `$header.x-name` in a header. The empty path is the event itself.
 */
export type FieldPath = string;

/** The names in a path into an event or a body. Undefined when one of them is empty. */
export function keysOf(path: FieldPath): readonly string[] | undefined {
	if (path === '') return [];
	const keys = path.split('.');
	return keys.includes('') ? undefined : keys;
}

/** A path that is only used when another path in the event has a certain text. */
export interface GuardedPath {
	readonly path: FieldPath;
	readonly where: readonly [path: FieldPath, is: string];
}

/** Several paths. The first one with a usable value is used. */
export type FieldPaths = ReadonlyArray<FieldPath | GuardedPath>;

/** The paths to the fields of a Game Insights event in an event of another format. */
export interface FieldPlaces {
	readonly eventType: FieldPaths;
	readonly eventId: FieldPaths;
	readonly userId: FieldPaths;
	readonly timestamp: FieldPaths;
}

/**
 * One event format, as data: where its events are, which of their fields become our fields, and which answer
 * its senders expect. To add a format, add such a record, its name in `formats.ts`, and a fixture.
 */
export interface EventFormat {
	/** The name that users know. */
	readonly displayName: string;
	/** Which senders use it, for the list in the panel. */
	readonly description: string;
	/** For users who choose it: what to enter at the sender. */
	readonly setUp: string;
	/**
	 * A request with one event as its senders make it, and the event that it becomes. It is shown to users, and
	 * sent as a sample.
	 */
	readonly example: {
		readonly sent: JsonObject | readonly JsonObject[];
		/** Without `properties`, which contain the event as it was sent. */
		readonly arrives: JsonObject;
	};
	/** How its senders can authenticate, for the table in the documentation. */
	readonly proof: string;
	/** The sources of all this: the vendor's own pages or code. */
	readonly sources: readonly [string, ...string[]];
	/** Where the events may be in a body, as a list or as one event. The first path with an event is used. */
	readonly events: readonly FieldPath[];
	readonly fields: FieldPlaces;
	/**
	 * Whether a time without an offset is in UTC. Otherwise such a time is left out, because it is ambiguous.
	 */
	readonly isUtcUnlessSaid?: boolean;
	/** Texts that each event of this format must have besides its type. With `only`, exactly that text. */
	readonly required?: ReadonlyArray<{ readonly path: FieldPath; readonly only?: string }>;
	/** Within which values an event's id is unique, if it is not unique by itself: paths in the event. */
	readonly idWithin?: readonly FieldPath[];
	/** Fields next to the list of events that apply to each event. They arrive as `envelope`. Never a key. */
	readonly envelope?: readonly string[];
	/**
	 * Where an event contains the key that its sender uses at the vendor: paths in the event. Removed from the
	 * event.
	 */
	readonly keys?: readonly FieldPath[];
	/** The field of a form that contains the events, as JSON or as base64 of it. */
	readonly formField?: string;
	/** The answer that its senders expect once the request is kept. Left out where any 2xx is right. */
	readonly acceptance?: FixedAnswer;
	/** How long its senders wait for an answer, in seconds. Left out where that is not known. */
	readonly waitsSeconds?: number;
}
