import type { INodeProperties } from 'n8n-workflow';

/** Output: what items and answers hold. */
export const outputOptions: INodeProperties[] = [
	{
		displayName: 'Output: Endpoint Name',
		name: 'endpointName',
		type: 'string',
		default: '',
		placeholder: 'e.g. My Game, production',
		description:
			'A name for this endpoint, to tell several apart. It is in the delivery details of every item.',
	},
	{
		displayName: 'Output: Include Delivery Details',
		name: 'includeDelivery',
		type: 'boolean',
		default: true,
		description:
			'Whether items carry a "_delivery" field: attempt, request, sender, last error. If the sender has a field of that name, it becomes "sender_delivery".',
	},
	{
		displayName: 'Output: Response Body',
		name: 'responseBody',
		type: 'string',
		default: '',
		placeholder: 'e.g. OK',
		description:
			'What to answer when a request was accepted, for senders that expect a certain text or JSON, such as OK or {"status":1}. Empty: the usual receipt, or what the chosen sender expects. It does not change the answers to refused requests.',
	},
];
