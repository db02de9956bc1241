import document from '../../docs/openapi.json';
import {
	compileEventSchema,
	type EventSchema,
} from '../../nodes/GameInsightsWebhook/intake/validate/schema/eventSchema';

/** An answer, as far as the document says something about it. */
export interface DocumentedAnswer {
	readonly status: number;
	/** Names in lower case. */
	readonly headers: NodeJS.Dict<string | string[]>;
	readonly body: unknown;
}

interface Response {
	readonly content: { readonly 'application/json': { readonly schema: object } };
	readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
}

const responses = document.paths['/'].post.responses as unknown as Readonly<Record<string, Response>>;
const schemas = new Map<number, EventSchema>();

/** The validator for the bodies of a status; references lead into the document's components. */
function schemaOf(status: number, { content }: Response): EventSchema {
	const known = schemas.get(status);
	if (known !== undefined) return known;
	const { schema } = content['application/json'];
	const made = compileEventSchema(JSON.stringify({ allOf: [schema], components: document.components }));
	schemas.set(status, made);
	return made;
}

/** What an answer does not keep of what docs/openapi.json promises; nothing when it is as documented. */
export function undocumented({ status, headers, body }: DocumentedAnswer): string[] {
	const response = responses[String(status)];
	if (response === undefined) return [`The status ${status} is not documented`];
	const missing = Object.entries(response.headers ?? {})
		.filter(([name, { required }]) => required === true && headers[name.toLowerCase()] === undefined)
		.map(([name]) => `The header ${name} is missing`);
	return [
		...missing,
		...schemaOf(status, response)
			.faultsOf(body)
			.map(({ message }) => message),
	];
}
