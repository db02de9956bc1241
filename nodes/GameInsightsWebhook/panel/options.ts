import type { INodeProperties } from 'n8n-workflow';
import { accessOptions } from './options/access';
import { failureOptions } from './options/failure';
import { outputOptions } from './options/output';
import { speedOptions } from './options/speed';
import { storageOptions } from './options/storage';
import { validationOptions } from './options/validation';

/**
 * Settings that most users need not change. n8n sorts options by name and has no groups inside a collection.
 * So each name begins with its topic: Access for who may send, Validation for which events are valid.
 */
export const optionsProperties: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		// binaryData keeps the body raw, so this node parses it, and answers invalid JSON.
		default: { binaryData: true },
		options: [
			...accessOptions,
			{
				displayName: 'Binary Data',
				name: 'binaryData',
				type: 'hidden',
				default: true,
			},
			...failureOptions,
			...outputOptions,
			...speedOptions,
			...storageOptions,
			...validationOptions,
		],
	},
];
