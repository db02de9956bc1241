import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';
import { SECRET_HINT } from './secretHint';
import { keyRotation } from './keyRotation';
import { sendingFields } from './webhookUrl';

/**
 * A static key: for senders that can't sign, such as PlayFab, Photon and analytics SDKs, and for simple
 * scripts.
 */
export class GameInsightsApiKeyApi implements ICredentialType {
	name = 'gameInsightsApiKeyApi';

	displayName = 'Game Insights API Key API';

	documentationUrl =
		'https://github.com/game-insights/n8n-nodes-game-insights/blob/main/docs/authentication.md#api-key';

	icon: Icon = {
		light: 'file:../icons/gameInsights.svg',
		dark: 'file:../icons/gameInsights.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: SECRET_HINT,
			description: 'The key that your sender sends. With fewer than 8 characters, every request is refused.',
		},
		...keyRotation({ displayName: 'Previous API Key', name: 'previousApiKey' }),
		{
			displayName: 'Sent In',
			name: 'sentIn',
			type: 'options',
			options: [
				{
					name: 'Basic Auth',
					value: 'basicAuth',
					description:
						'As the user name or the password. The SDKs of Segment and RudderStack send their write key like this.',
				},
				{
					name: 'Header',
					value: 'header',
					description: 'In a header. Choose this if the sender can do it.',
				},
				{
					name: 'Query Parameter',
					value: 'query',
					description: 'In the URL, for senders that cannot add a header',
				},
			],
			default: 'header',
			description: 'Where the sender puts the key',
		},
		{
			displayName:
				'A URL is written to logs: of n8n, of proxies, of the sender. Anybody who reads such a log has the key. Use this only for senders that support nothing else. Give each of them a key of its own, and change it from time to time.',
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
			description: 'The parameter with the key: …/events?key=your-key. Google Analytics calls it api_secret.',
		},
		{
			displayName: 'Header Name',
			name: 'headerName',
			type: 'string',
			default: 'X-API-Key',
			placeholder: 'e.g. X-API-Key',
			displayOptions: { show: { sentIn: ['header'] } },
			description: 'The header with the key. Photon sends X-SecretKey. In PlayFab you can choose.',
		},
		...sendingFields(),
	];
}
