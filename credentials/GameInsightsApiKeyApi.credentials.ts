import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';
import { SECRET_HINT } from './secretHint';
import { keyRotation } from './keyRotation';
import { sendingFields } from './webhookUrl';

/** A static key in a header: for senders that can't sign, such as PlayFab and Photon, and for simple scripts. */
export class GameInsightsApiKeyApi implements ICredentialType {
	name = 'gameInsightsApiKeyApi';

	displayName = 'Game Insights API Key API';

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
			hint: SECRET_HINT,
			description: 'The key your sender puts into the header. Fewer than 8 characters let nobody in.',
		},
		...keyRotation({ displayName: 'Previous API Key', name: 'previousApiKey' }),
		{
			displayName: 'Header Name',
			name: 'headerName',
			type: 'string',
			default: 'X-API-Key',
			placeholder: 'e.g. X-API-Key',
			description: 'The header that carries the key. Photon sends X-SecretKey; PlayFab lets you choose.',
		},
		...sendingFields(),
	];
}
