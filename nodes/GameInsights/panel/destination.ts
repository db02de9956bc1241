import type { INodeProperties } from 'n8n-workflow';
import { shownWhenSending } from './operations';

/** Where to, and who says so. */
export const destinationProperties: INodeProperties[] = [
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'API Key',
				value: 'apiKey',
				description: 'Put a secret key into a header',
			},
			{
				name: 'HMAC Signature',
				value: 'hmac',
				description: 'Sign every request with a shared secret',
			},
			{
				name: 'JWT',
				value: 'jwt',
				description: 'Present a fresh token with every request, signed with a secret or a private key',
			},
		],
		default: 'apiKey',
		description: 'How the receiving trigger knows you. Choose what is chosen there, and the same credential.',
		displayOptions: shownWhenSending,
	},
	{
		displayName: 'Webhook URL',
		name: 'url',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://n8n.my-studio.com/webhook/…',
		description:
			"The production URL of the Game Insights Webhook that receives the events. Leave empty to use the credential's Webhook URL.",
		displayOptions: shownWhenSending,
	},
];
