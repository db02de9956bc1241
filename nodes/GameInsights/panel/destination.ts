import type { INodeProperties } from 'n8n-workflow';
import { shownWhenSending } from './operations';

/** Where to send, and how to authenticate. */
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
				description: 'Send a secret key with every request',
			},
			{
				name: 'HMAC Signature',
				value: 'hmac',
				description: 'Sign every request with a shared secret',
			},
			{
				name: 'JWT',
				value: 'jwt',
				description: 'Send a new token with every request, signed with a secret or a private key',
			},
		],
		default: 'apiKey',
		description:
			'How the receiving trigger checks who sends. Choose the same as in that trigger, and the same credential.',
		displayOptions: shownWhenSending,
	},
	{
		displayName: 'Webhook URL',
		name: 'url',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://n8n.my-studio.com/webhook/…',
		description:
			'The production URL of the Game Insights Webhook that receives the events, or its test URL while you test. Leave empty to use the Webhook URL of the credential.',
		displayOptions: shownWhenSending,
	},
];
