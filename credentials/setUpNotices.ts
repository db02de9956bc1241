import type { INodeProperties } from 'n8n-workflow';
import { CUSTOM_SET_UP } from '../nodes/shared/senders/custom';
import { CUSTOM, SCHEMES } from '../nodes/shared/senders/schemes';

/**
 * What to do at the sender: one notice for each sender. The build puts their texts into the credential,
 * without the code of the senders that they come from (gulpfile.js).
 */
export const setUpNotices: INodeProperties[] = [
	...[...SCHEMES].map(([scheme, { setUp }]) => setUpNotice(scheme, setUp)),
	setUpNotice(CUSTOM, CUSTOM_SET_UP),
];

function setUpNotice(scheme: string, setUp: string): INodeProperties {
	return {
		displayName: setUp,
		name: `${scheme}SetUp`,
		type: 'notice',
		default: '',
		displayOptions: { show: { scheme: [scheme] } },
	};
}
