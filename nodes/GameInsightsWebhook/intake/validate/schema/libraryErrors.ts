import { ErrorContext, ErrorSchema, type Resources, type SchemaError, Stack } from 'typebox/schema';
import { Settings } from 'typebox/system';
import { asOwnError } from './ownRules';

/** The most errors that are listed for an event. More are neither reported nor searched. */
const MOST_ERRORS = 1_000;

Settings.Set({ maxErrors: MOST_ERRORS });

/** The rules of a schema that a value breaks, as the library reports them. */
export function libraryErrors(schema: unknown, resources: Resources, value: unknown): SchemaError[] {
	return errorsBelow(schema, resources, schema, value, { schemaPath: '#', instancePath: '' });
}

/** The same for a part of a schema, with paths as for the whole schema. */
export function errorsBelow(
	root: unknown,
	resources: Resources,
	schema: unknown,
	value: unknown,
	{ schemaPath, instancePath }: Pick<SchemaError, 'schemaPath' | 'instancePath'>,
): SchemaError[] {
	const context = new ErrorContext();
	ErrorSchema(Stack(resources, root), context, schemaPath, instancePath, schema, value);
	return context.GetErrors().map(asOwnError);
}
