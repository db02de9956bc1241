import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';
import { webhookUrl } from './webhookUrl';

/** A static key: for senders that can't sign, such as PlayFab, Photon and analytics SDKs, and for simple scripts. */
export class GameInsightsApiKeyApi implements ICredentialType {
	name = 'gameInsightsApiKeyApi';

	displayName = 'Game Insights Key API';

	documentationUrl =
		'https://github.com/game-insights/n8n-nodes-game-insights/blob/main/docs/authentication.md#api-key';

	icon: Icon = {
		light: 'file:../nodes/GameInsightsWebhook/gameInsights.svg',
		dark: 'file:../nodes/GameInsightsWebhook/gameInsights.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'The key that your sender sends. Use at least 16 characters that nobody can guess, for example the output of "openssl rand -hex 32". Fewer than 8 let nobody in.',
		},
		{
			displayName: 'Previous API Key',
			name: 'previousApiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The key from before the last change. It works beside the new one; clear it once every sender has moved. Items say which key was used in _delivery.auth.key_id.',
		},
		{
			displayName: 'Sent In',
			name: 'sentIn',
			type: 'options',
			options: [
				{
					name: 'Basic Auth',
					value: 'basicAuth',
					description:
						'As user name or password: what the SDKs of Segment and RudderStack do with a write key',
				},
				{
					name: 'Header',
					value: 'header',
					description: 'In a header of its own. Best where it can be chosen.',
				},
				{
					name: 'Query Parameter',
					value: 'query',
					description: 'In the address, for senders that can add no header',
				},
			],
			default: 'header',
			description: 'Where the sender puts the key',
		},
		{
			displayName:
				'An address ends up in logs: of n8n, of every proxy on the way, of the sender. Whoever reads one has the key. Use this only for senders that can do nothing else, with a key of its own for each, and change it from time to time.',
			name: 'queryNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { sentIn: ['query'] } },
		},
		{
			displayName: 'Query Parameter',
			name: 'queryParameter',
			type: 'string',
			default: 'key',
			placeholder: 'e.g. key',
			displayOptions: { show: { sentIn: ['query'] } },
			description:
				'The parameter that carries the key: …/events?key=your-key. Google Analytics calls it api_secret.',
		},
		{
			displayName: 'Header Name',
			name: 'headerName',
			type: 'string',
			default: 'X-API-Key',
			placeholder: 'e.g. X-API-Key',
			displayOptions: { show: { sentIn: ['header'] } },
			description: 'The header that carries the key. Photon sends X-SecretKey; PlayFab lets you choose.',
		},
		webhookUrl,
	];
}
