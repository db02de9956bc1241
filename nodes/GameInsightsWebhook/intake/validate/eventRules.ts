import { isJsonObject } from '../../../shared/json/jsonValue';
import { type Path, pointerTo } from './path';
import { readTimestamp } from './timestamp';

/** One rule for a value that exists. */
export interface Demand {
	/** The code that a sender's program can recognise. */
	readonly code: string;
	/** Follows the value's name in a sentence, such as `must be text`. */
	readonly words: string;
	readonly isMet: (value: unknown, receivedAtMs: number) => boolean;
	/**
	 * The same as JSON Schema, as far as JSON Schema can express it. Only for documents: events are not checked
	 * with it.
	 */
	readonly schema: Readonly<Record<string, unknown>>;
}

/** The rules for one path in an event. They are checked in order, and the first that fails is reported. */
export interface FieldRule {
	readonly path: Path;
	/** Whether a missing value is a fault. */
	readonly isRequired: boolean;
	readonly demands: readonly Demand[];
}

const DAY_MS = 86_400_000;

const isText = (value: unknown): value is string => typeof value === 'string';

const text: Demand = { code: 'type', words: 'must be text', isMet: isText, schema: { type: 'string' } };
const notBlank: Demand = {
	code: 'blank',
	words: 'must not be blank',
	isMet: (value) => (value as string).trim() !== '',
	schema: { pattern: '\\S' },
};

/** The rules for every event. Fields that are not named here are passed on unchanged. */
export const EVENT_RULES: readonly FieldRule[] = [
	{ path: ['event_type'], isRequired: true, demands: [text, notBlank] },
	{ path: ['event_id'], isRequired: false, demands: [text, notBlank] },
	{ path: ['user_id'], isRequired: false, demands: [text] },
	{
		path: ['timestamp'],
		isRequired: false,
		demands: [
			{
				code: 'format',
				words: 'must be a date and time like 2026-01-31T12:00:00Z',
				isMet: (value) => isText(value) && readTimestamp(value) !== null,
				schema: { type: 'string', format: 'date-time' },
			},
			{
				code: 'future',
				words: 'must not be more than 24 hours in the future',
				isMet: (value, receivedAtMs) => (readTimestamp(value as string) ?? 0) <= receivedAtMs + DAY_MS,
				schema: { description: 'At most 24 hours in the future.' },
			},
		],
	},
	{
		path: ['properties'],
		isRequired: false,
		demands: [{ code: 'type', words: 'must be an object', isMet: isJsonObject, schema: { type: 'object' } }],
	},
];

const notNull: Demand = {
	code: 'required',
	words: 'is required',
	isMet: (value) => value !== null,
	schema: { not: { type: 'null' } },
};

/** Requires a text that is not blank, or exactly the text `only`. */
export function requiredText(path: Path, only?: string): FieldRule {
	const demand = only === undefined ? notBlank : exactly(only);
	return { path, isRequired: true, demands: [text, demand] };
}

const exactly = (only: string): Demand => ({
	code: 'const',
	words: `must be "${only}"`,
	isMet: (value) => value === only,
	schema: { const: only },
});

/** The rules of an endpoint that requires more fields: each must exist and not be null. */
export function withRequiredFields(paths: readonly Path[]): readonly FieldRule[] {
	if (paths.length === 0) return EVENT_RULES;
	const rules = new Map(EVENT_RULES.map((rule) => [pointerTo(rule.path), rule]));
	for (const path of paths) {
		const pointer = pointerTo(path);
		rules.set(pointer, { ...(rules.get(pointer) ?? { path, demands: [notNull] }), isRequired: true });
	}
	return [...rules.values()];
}
