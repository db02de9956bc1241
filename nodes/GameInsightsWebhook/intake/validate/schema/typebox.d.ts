/**
 * The used part of TypeBox (https://github.com/sinclairzx81/typebox), which evaluates JSON Schema without
 * generating code. Its own declarations can only be found through "exports", which the module resolution of
 * "commonjs" does not read.
 */
declare module 'typebox/schema' {
	/** One rule that a value broke. */
	export interface SchemaError {
		/** The keyword of JSON Schema; `boolean` for the schema `false`. */
		readonly keyword: string;
		/** The position of the rule: `#`, then a JSON Pointer that goes through a `$ref` without naming it. */
		readonly schemaPath: string;
		/** JSON Pointer (RFC 6901) to the value. */
		readonly instancePath: string;
		readonly params: Readonly<Record<string, unknown>>;
	}

	/** The position of an evaluation among the schema's resources. References are resolved against it. */
	export interface SchemaStack {
		readonly schema: unknown;
	}

	/** Schemas that references may point to, by their URI. */
	export type Resources = Readonly<Record<string, unknown>>;

	export class ErrorContext {
		GetErrors(): SchemaError[];
	}

	export const Meta: Resources;
	export const Resolve: {
		Ref(stack: SchemaStack, reference: object): { readonly schema: unknown };
		DynamicRef(stack: SchemaStack, reference: object): unknown;
	};
	export function Stack(resources: Resources, schema: unknown): SchemaStack;
	export function NextStack(stack: SchemaStack, schema: unknown): SchemaStack;
	export function Check(resources: Resources, schema: unknown, value: unknown): boolean;
	export function ErrorSchema(
		stack: SchemaStack,
		context: ErrorContext,
		schemaPath: string,
		instancePath: string,
		schema: unknown,
		value: unknown,
	): boolean;
}

declare module 'typebox/format' {
	export function Entries(): Array<[name: string, check: (text: string) => boolean]>;
	export function Set(name: string, check: (text: string) => boolean): void;
}

declare module 'typebox/system' {
	export const Settings: { Set(settings: { maxErrors: number }): void };
}
