import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/**
 * An older key that works beside the new one, folded away until somebody changes a key. n8n gives a node no field that is not
 * shown, so a key that is folded away lets nobody in.
 * @param key the field of the older key: its words, and the senders that it is hidden for
 */
export function keyRotation(key: {
	readonly displayName: string;
	readonly name: string;
	readonly hide?: IDisplayOptions['hide'];
}): INodeProperties[] {
	const { displayName, name, hide } = key;
	return [
		{
			displayName: 'Accept an Older Key Too',
			name: 'keyRotation',
			type: 'boolean',
			default: false,
			description:
				'Whether to change the key without a break: the older one works until every sender has moved',
			...(hide === undefined ? {} : { displayOptions: { hide } }),
		},
		{
			displayName,
			name,
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The one from before the change. Switch this off once every sender has moved. Items say which one was used in _delivery.auth.key_id.',
			displayOptions: { show: { keyRotation: [true] }, ...(hide === undefined ? {} : { hide }) },
		},
	];
}
