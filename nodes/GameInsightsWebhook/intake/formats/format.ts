import type { FixedAnswer } from '../../../shared/answers';
import type { JsonObject } from '../../../shared/json/jsonValue';

/**
 * Where a value stands, as names with dots between them: `a.b` in the event, `$.a.b` in the body that the
 * event came in, `$header.x-name` in a header. The empty path is the event itself.
 */
export type FieldPath = string;

/** A place that only counts where another one in the event holds a certain text. */
export interface GuardedPath {
	readonly path: FieldPath;
	readonly where: readonly [path: FieldPath, is: string];
}

/** The first of several places that holds something usable is the one that counts. */
export type FieldPaths = ReadonlyArray<FieldPath | GuardedPath>;

/** Where the fields of a Game Insights event stand in somebody else's. */
export interface FieldPlaces {
	readonly eventType: FieldPaths;
	readonly eventId: FieldPaths;
	readonly userId: FieldPaths;
	readonly timestamp: FieldPaths;
}

/**
 * One way of writing events, as data: where they stand, which of their fields are ours, and what its senders
 * want to be answered. Adding one is adding such a record to `presets.ts`, and a fixture.
 */
export interface EventFormat {
	/** As users know it. */
	readonly displayName: string;
	/** Who writes it, for the list in the panel. */
	readonly description: string;
	/** For whoever chooses it: what to enter at the sender's. */
	readonly setUp: string;
	/**
	 * A request with one event as its senders make it, and what that event becomes: shown to users, and sent as
	 * a sample.
	 */
	readonly example: {
		readonly sent: JsonObject | readonly JsonObject[];
		/** Without `properties`, which are the event as it was sent. */
		readonly arrives: JsonObject;
	};
	/** How its senders can prove who they are, for the table in the documentation. */
	readonly proof: string;
	/** Where all of this was read: the vendor's own pages or code. */
	readonly sources: readonly [string, ...string[]];
	/**
	 * Where the events may stand in a body, as a list or as one event; the first place that holds one counts.
	 */
	readonly events: readonly FieldPath[];
	readonly fields: FieldPlaces;
	/**
	 * Whether a time without an offset is one in UTC; without this it is left out, since nobody knows when it
	 * was.
	 */
	readonly isUtcUnlessSaid?: boolean;
	/**
	 * Texts that each event must have, beside its type, to be one of this format; a certain text where one is
	 * given.
	 */
	readonly required?: ReadonlyArray<{ readonly path: FieldPath; readonly only?: string }>;
	/** What an event's id is unique within, where it is not unique by itself: paths in the event. */
	readonly idWithin?: readonly FieldPath[];
	/** Fields beside the list of events that belong to each of them: they arrive as `envelope`. Never a key. */
	readonly envelope?: readonly string[];
	/**
	 * Where an event holds the key that its sender has at the vendor: paths in it. Left out of what arrives.
	 */
	readonly keys?: readonly FieldPath[];
	/** The field of a form that holds the events, as JSON or as base64 of it. */
	readonly formField?: string;
	/** The answer that its senders expect once the request is kept; left out where any 2xx is right. */
	readonly acceptance?: FixedAnswer;
	/** How long its senders wait for an answer, in seconds; left out where that is not known. */
	readonly waitsSeconds?: number;
}
