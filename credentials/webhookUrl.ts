import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/** Of fields that only sending needs: folded away for everybody who receives. */
export const shownToSend: IDisplayOptions['show'] = { sending: [true] };

/**
 * What a credential needs for the actions of Game Insights Webhook, which send with it. n8n gives a node no field that is not shown,
 * so what is folded away does nothing.
 * @param show when sending is possible at all; always, unless told
 */
export function sendingFields(show: IDisplayOptions['show'] = {}): INodeProperties[] {
	return [
		{
			displayName: 'Use for Sending Too',
			name: 'sending',
			type: 'boolean',
			default: false,
			description: 'Whether to show the fields that only sending needs. Leave it off to receive.',
			...(Object.keys(show).length === 0 ? {} : { displayOptions: { show } }),
		},
		{
			displayName: 'Webhook URL',
			name: 'webhookUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://n8n.my-studio.com/webhook/…',
			description:
				'The production URL of the trigger that receives the events, once its workflow is published. When it is filled in, testing this credential sends a signed request without events there.',
			displayOptions: { show: { ...show, ...shownToSend } },
		},
	];
}
