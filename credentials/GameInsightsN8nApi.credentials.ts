import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

/** Access to this n8n's own Data Tables: for triggers that keep their events in one. */
export class GameInsightsN8nApi implements ICredentialType {
	name = 'gameInsightsN8nApi';

	displayName = 'Game Insights Data Tables API';

	documentationUrl =
		'https://github.com/game-insights/n8n-nodes-game-insights/blob/main/docs/durable.md#setting-up';

	icon: Icon = {
		light: 'file:../icons/gameInsights.svg',
		dark: 'file:../icons/gameInsights.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'http://localhost:5678',
			required: true,
			placeholder: 'e.g. http://localhost:5678',
			description:
				'The address of this n8n, without the path of a page. If n8n runs as several processes, the address of its main process inside your network.',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: 'Scopes: dataTable list, read, create; dataTableRow read, create, update, delete. With execution read, executions that sleep in a Wait node are followed and retried if they fail. With execution list, the action Get Story also finds executions.',
			description:
				'A key that you create under Settings → n8n API. n8n preselects an expiration of 30 days: choose Never.',
		},
	];
}
