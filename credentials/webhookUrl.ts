import type { INodeProperties } from 'n8n-workflow';

/** Where the Game Insights Webhook node sends to with this credential. */
export const webhookUrl: INodeProperties = {
	displayName: 'Webhook URL',
	name: 'webhookUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://n8n.my-studio.com/webhook/…',
	description:
		'Only to send with the Game Insights Webhook node: the production URL of the trigger that receives the events. When it is filled in, testing this credential sends a signed request without events there. Leave empty to receive only.',
};
