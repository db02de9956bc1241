import { Check, Meta } from 'typebox/schema';
import { quoteOwn } from '../../../../shared/json/jsonValue';
import { FaultySchema } from './faultySchema';
import { libraryErrors } from './libraryErrors';
import { explain } from './explain';

/** A version of JSON Schema. */
export type Dialect = 'draft2020-12' | 'draft7';

const DRAFT_2020_12 = 'https://json-schema.org/draft/2020-12/schema';
const DRAFT_7 = 'http://json-schema.org/draft-07/schema#';

/**
 * Without its `$id`, references (`#`) in draft 7's own schema are resolved faster, and without an endless
 * loop.
 */
const draft7 = { ...(Meta[DRAFT_7] as Record<string, unknown>) };
delete draft7.$id;

const META_SCHEMAS: Record<Dialect, unknown> = {
	'draft2020-12': { $ref: DRAFT_2020_12 },
	draft7,
};

/**
 * The version that a schema names. 2020-12 when it names none.
 *
 * @throws {FaultySchema} for another version.
 */
export function dialectOf(schema: unknown): Dialect {
	const declared =
		typeof schema === 'object' && schema !== null ? (schema as { $schema?: unknown }).$schema : undefined;
	if (declared === undefined) return 'draft2020-12';
	const name = typeof declared === 'string' ? declared.replace(/^https?:\/\//, '').replace(/#$/, '') : '';
	if (name === 'json-schema.org/draft/2020-12/schema') return 'draft2020-12';
	if (name === 'json-schema.org/draft-07/schema') return 'draft7';
	const said = typeof declared === 'string' ? quoteOwn(declared) : 'not a text';
	throw new FaultySchema(
		`its \`$schema\` is ${said}. Use "${DRAFT_2020_12}" or "${DRAFT_7}", or leave it out.`,
	);
}

/**
 * Checks that a value is a valid schema.
 *
 * @throws {FaultySchema} that says where it is not valid.
 */
export function checkAgainstMetaSchema(schema: unknown, dialect: Dialect): void {
	const meta = META_SCHEMAS[dialect];
	if (Check(Meta, meta, schema)) return;
	const [first] = explain(libraryErrors(meta, Meta, schema), schema, () => []);
	throw new FaultySchema(`${first?.message.replace(/^The event/, 'it') ?? 'it is not a JSON Schema'}.`);
}
