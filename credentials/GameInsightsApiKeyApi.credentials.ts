import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';
import { webhookUrl } from './webhookUrl';

/** A static key in a header: for senders that can't sign, such as PlayFab and Photon, and for simple scripts. */
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
				'The key your sender puts into the header. Use at least 16 characters that nobody can guess, for example the output of "openssl rand -hex 32". Fewer than 8 let nobody in.',
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
			displayName: 'Header Name',
			name: 'headerName',
			type: 'string',
			default: 'X-API-Key',
			placeholder: 'e.g. X-API-Key',
			description: 'The header that carries the key. Photon sends X-SecretKey; PlayFab lets you choose.',
		},
		webhookUrl,
	];
}
