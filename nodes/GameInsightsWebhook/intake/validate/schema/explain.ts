import type { SchemaError } from 'typebox/schema';
import { ownMember } from '../../../../shared/json/jsonValue';
import type { Fault } from '../fault';
import { type Place, faultsOfError } from './sentences';

/** Finds the errors of one branch (`then`) of the condition that an error is about. */
export type ErrorsOfBranch = (error: SchemaError, branch: string, value: unknown) => SchemaError[];

/**
 * Explains to the sender what is wrong with a value, as far as it helps to correct it. If a schema allows
 * several forms, it explains the form that was probably meant.
 *
 * @param errors In the library's order: those of a schema's parts before those of the whole.
 */
export function explain(
	errors: readonly SchemaError[],
	value: unknown,
	errorsOfBranch: ErrorsOfBranch,
): Fault[] {
	const helpful: SchemaError[] = [];
	for (const error of errors) {
		const at = (path: string): unknown => valueAt(value, path).value;
		if (error.keyword === 'anyOf' || error.keyword === 'oneOf') {
			helpful.push(...ofSeveralForms(error, taken(helpful, `${error.schemaPath}/${error.keyword}/`, error)));
		} else if (error.keyword === 'propertyNames') {
			taken(helpful, `${error.schemaPath}/propertyNames`, error);
			helpful.push(error);
		} else if (error.keyword === 'if' && error.params.failingKeyword === 'then') {
			const inBranch = errorsOfBranch(error, 'then', at(error.instancePath));
			helpful.push(...(inBranch.length === 0 ? [error] : inBranch));
		} else if (error.keyword !== 'additionalProperties' && error.keyword !== 'if') {
			helpful.push(error);
		}
	}
	const faults = helpful.flatMap((error) => faultsOfError(error, valueAt(value, error.instancePath)));
	const known = new Set<string>();
	return faults.filter(({ code, path, message }) => {
		const key = JSON.stringify([code, path, message]);
		return !known.has(key) && known.add(key);
	});
}

/** The value at a JSON Pointer. */
function valueAt(root: unknown, pointer: string): Place {
	let value = root;
	const path = pointer
		.split('/')
		.slice(1)
		.map((escaped) => {
			const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
			const isElement = Array.isArray(value);
			value = ownMember(value, key);
			return isElement ? Number(key) : key;
		});
	return { path, value };
}

/** Removes the errors at the end of the list that belong to a part of the schema and of the value. */
function taken(errors: SchemaError[], schemaPath: string, { instancePath }: SchemaError): SchemaError[] {
	let first = errors.length;
	while (first > 0 && isBelow(errors[first - 1] as SchemaError, schemaPath, instancePath)) first--;
	return errors.splice(first);
}

const isBelow = (error: SchemaError, schemaPath: string, instancePath: string): boolean =>
	error.schemaPath.startsWith(schemaPath) && error.instancePath.startsWith(instancePath);

/**
 * The errors to report for a value that has none of several forms, or more than one where only one is
 * allowed.
 */
function ofSeveralForms(error: SchemaError, inForms: readonly SchemaError[]): SchemaError[] {
	const passing = error.params.passingSchemas;
	if (Array.isArray(passing) && passing.length > 1) return [error];
	const forms = [...byForm(inForms, `${error.schemaPath}/${error.keyword}/`).values()];
	const ofOtherType = forms.map((form) =>
		form.find(({ keyword, instancePath }) => keyword === 'type' && instancePath === error.instancePath),
	);
	if (ofOtherType.length > 0 && ofOtherType.every((found) => found !== undefined)) {
		return [
			{ ...error, keyword: 'type', params: { type: ofOtherType.flatMap(({ params }) => params.type) } },
		];
	}
	const ofThisType = forms.filter((_, index) => ofOtherType[index] === undefined);
	if (ofThisType.length === 1) return ofThisType[0] as SchemaError[];
	const meant = ofThisType.filter(
		(form) => !form.some((inForm) => tellsFormsApart(inForm, error.instancePath)),
	);
	return meant.length === 1 ? (meant[0] as SchemaError[]) : [error];
}

function byForm(errors: readonly SchemaError[], schemaPath: string): Map<string, SchemaError[]> {
	const forms = new Map<string, SchemaError[]>();
	for (const error of errors) {
		const form = error.schemaPath.slice(schemaPath.length).split('/', 1)[0] ?? '';
		forms.set(form, [...(forms.get(form) ?? []), error]);
	}
	return forms;
}

/**
 * A fixed value directly inside ("kind": "sword") identifies the form. Another value there means that this
 * form was not meant.
 */
function tellsFormsApart({ keyword, instancePath }: SchemaError, outer: string): boolean {
	if (keyword !== 'const' && keyword !== 'enum') return false;
	return !instancePath.slice(outer.length + 1).includes('/');
}
