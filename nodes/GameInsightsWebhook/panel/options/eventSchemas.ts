import type { INodeProperties } from 'n8n-workflow';

const EXAMPLE = `{
  "type": "object",
  "required": ["user_id", "properties"],
  "properties": {
    "properties": {
      "type": "object",
      "required": ["amount", "currency"],
      "properties": {
        "amount": { "type": "number", "minimum": 0 },
        "currency": { "type": "string", "pattern": "^[A-Z]{3}$" }
      }
    }
  }
}`;

/** The schemas of event types: one row for each type. */
export const eventSchemasOption: INodeProperties = {
	displayName: 'Validation: Event Schemas',
	name: 'eventSchemas',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Schema' },
	placeholder: 'Add Schema',
	default: {},
	description:
		'What the events of a type must look like, as JSON Schema (draft 2020-12 or 7). Events that do not match are handled like other invalid events. Types without a schema are not checked.',
	options: [
		{
			displayName: 'Schema',
			name: 'schemas',
			values: [
				{
					displayName: 'Event Type',
					name: 'eventType',
					type: 'string',
					default: '',
					required: true,
					placeholder: 'e.g. purchase',
					description: 'The event_type that the schema is for, exactly as it is sent',
				},
				{
					displayName: 'Schema',
					name: 'schema',
					type: 'json',
					typeOptions: { rows: 12 },
					default: EXAMPLE,
					required: true,
					description:
						'A JSON Schema for the whole event. Mistakes in it are reported when you test or publish the workflow.',
				},
			],
		},
	],
};
