import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { folded } from './folded';

/**
 * An older key that works together with the new one as long as it is filled in. Its field is hidden until the
 * user wants to change a key.
 * @param key the field of the older key: its texts, and the senders for which it is hidden
 */
export function keyRotation(key: {
	readonly displayName: string;
	readonly name: string;
	readonly hide?: IDisplayOptions['hide'];
}): INodeProperties[] {
	const { displayName, name, hide } = key;
	const displayOptions = hide === undefined ? {} : { displayOptions: { hide } };
	return [
		{
			displayName: `Show ${displayName}`,
			name: 'keyRotation',
			type: 'boolean',
			default: false,
			description: 'Whether to show the field for the previous key, to change a key without an interruption',
			...displayOptions,
		},
		...folded('keyRotation', {
			displayName,
			name,
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The key from before the change. Both keys work; clear this one when every sender uses the new one. Items say in _delivery.auth.key_id which one was used.',
			...displayOptions,
		}),
	];
}
