import { Check, Meta, type Resources } from 'typebox/schema';
import { MOST_DIGITS } from '../../../../shared/json/decimal';
import { readExactly } from '../../../../shared/json/longNumbers';
import type { Fault } from '../fault';
import { Budget } from './budget';
import { checkAgainstMetaSchema, dialectOf } from './dialect';
import { explain } from './explain';
import { FaultySchema } from './faultySchema';
import { prepareFormats } from './formats';
import { mentionsInherited, withoutInherited } from './inherited';
import { errorsBelow, libraryErrors } from './libraryErrors';
import { prepare } from './prepare';
import { type Size, sizeOf } from './size';

/** How many values an event may contain, at any depth. */
const MOST_VALUES = 50_000;
/**
 * Up to this number of values, the faults of an event are listed one by one. Listing them takes longer than
 * finding out whether there are any.
 */
const MOST_VALUES_EXPLAINED = 10_000;
/** The longest name: names are tested by JavaScript's own regular expressions, which use backtracking. */
const LONGEST_NAME = 256;

/** The schema of the events of a type. */
export interface EventSchema {
	/**
	 * The faults of an event as returned by `readExactly`. Empty when it is valid. Takes limited time for any
	 * event. Never throws.
	 *
	 * @param budget The steps that the events of its request may take together.
	 */
	readonly faultsOf: (event: unknown, budget?: Budget) => Fault[];
}

const ENDLESS = `more than ${MOST_DIGITS.toLocaleString('en')} digits`;

const WITHOUT_END = [null, true, 0, '', [], {}];

/**
 * Prepares a JSON Schema (draft 2020-12 or 7, by its `$schema`). Formats are checked. Nothing is coerced, no
 * defaults are set, and nothing is fetched.
 *
 * @param text The schema as JSON.
 * @param resources Schemas that references may point to, by URI, besides the schema itself and JSON Schema's
 * own.
 * @throws {FaultySchema} when it can't be used.
 */
export function compileEventSchema(text: string, resources: Resources = {}): EventSchema {
	prepareFormats();
	const plain = parsed(text);
	const dialect = dialectOf(plain);
	checkAgainstMetaSchema(plain, dialect);
	const schema = withoutInherited(readExactly(text));
	if (sizeOf(schema).hasEndlessNumber) throw new FaultySchema(`it holds a number of ${ENDLESS}.`);
	const asJudged = mentionsInherited(plain) ? withoutInherited : (event: unknown) => event;

	const known = Object.assign(Object.create(null), Meta, resources) as Resources;
	const { testsNames } = prepare(schema, dialect, known);

	const checked = (event: unknown, size: Size, budget: Budget) =>
		budget.run(size, () => Check(known, schema, event));
	if (WITHOUT_END.some((sample) => checked(sample, sizeOf(sample), new Budget()) === null)) {
		throw new FaultySchema('it refers to itself without end.');
	}

	return {
		faultsOf: (sent, budget = new Budget()) => {
			if (budget.isSpent) return [tooLarge('came with others that took all the time there is for a request')];
			const size = sizeOf(sent);
			const { values, longestName, hasEndlessNumber } = size;
			if (values > MOST_VALUES) return [tooLarge(`holds more than ${MOST_VALUES} values`)];
			if (hasEndlessNumber) return [tooLarge(`holds a number of ${ENDLESS}`)];
			if (testsNames && longestName > LONGEST_NAME) {
				return [tooLarge(`has a name of more than ${LONGEST_NAME} characters`)];
			}
			const event = asJudged(sent);
			const isValid = checked(event, size, budget);
			if (isValid === true) return [];
			if (isValid === null) return [tooLarge('is too intricate')];
			const faults = values > MOST_VALUES_EXPLAINED ? null : budget.run(size, explained(event));
			return faults ?? [unexplained()];
		},
	};

	function explained(event: unknown): () => Fault[] {
		return () => {
			const faults = explain(libraryErrors(schema, known, event), event, (error, branch, value) => {
				const part = partAt(schema, `${error.schemaPath}/${branch}`);
				const place = { ...error, schemaPath: `${error.schemaPath}/${branch}` };
				return part === undefined ? [] : errorsBelow(schema, known, part, value, place);
			});
			return faults.length === 0 ? [unexplained()] : faults;
		};
	}
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw notJson(error as SyntaxError);
	}
}

const notJson = ({ message }: SyntaxError): FaultySchema => new FaultySchema(`it is not JSON: ${message}.`);

/**
 * The part of a schema at a JSON Pointer that starts with `#`. Undefined when it was reached through a
 * reference.
 */
function partAt(schema: unknown, pointer: string): unknown {
	let part: unknown = schema;
	for (const key of pointer.split('/').slice(1)) {
		if (typeof part !== 'object' || part === null) return undefined;
		part = (part as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')];
	}
	return part;
}

const tooLarge = (reason: string): Fault => ({
	code: 'schema_limit',
	path: '',
	message: `The event can't be checked against the schema of its type: it ${reason}`,
});

const unexplained = (): Fault => ({
	code: 'schema',
	path: '',
	message: 'The event does not match the schema of its type',
});
