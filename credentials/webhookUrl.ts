import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { folded } from './folded';

/** A field that only sending needs, hidden until the user wants to send. */
export const foldedUnlessSending = (field: INodeProperties): INodeProperties[] => folded('sending', field);

/**
 * The fields that the actions of Game Insights Webhook need for sending.
 * @param show when sending is possible at all; always by default
 */
export function sendingFields(show: IDisplayOptions['show'] = {}): INodeProperties[] {
	const displayOptions = Object.keys(show).length === 0 ? {} : { displayOptions: { show } };
	return [
		{
			displayName: 'Show Fields for Sending',
			name: 'sending',
			type: 'boolean',
			default: false,
			description: 'Whether to show the fields that only sending needs. Leave it off to receive.',
			...displayOptions,
		},
		...foldedUnlessSending({
			displayName: 'Webhook URL',
			name: 'webhookUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://n8n.my-studio.com/webhook/…',
			description:
				'The production URL of the trigger that receives the events, once its workflow is published. When it is filled in, testing this credential sends a signed request without events there.',
			...displayOptions,
		}),
	];
}
