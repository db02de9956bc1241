/*
 * What the panel says of each sender. The build puts the result into the credential, without the code of the
 * senders that it comes from (gulpfile.js).
 */

import type { INodeProperties } from 'n8n-workflow';
import { CUSTOM_DESCRIPTION, CUSTOM_SET_UP } from '../nodes/shared/senders/custom';
import { CUSTOM, SCHEMES } from '../nodes/shared/senders/schemes';

/** All senders, by name. */
export const senderOptions = [
	...[...SCHEMES].map(([value, { displayName, listedAs = displayName, description }]) => ({
		name: listedAs,
		value,
		description,
	})),
	{ name: 'Custom', value: CUSTOM, description: CUSTOM_DESCRIPTION },
].sort((one, other) => one.name.localeCompare(other.name));

/** Senders that sign a time. */
export const sendersWithTime = [
	CUSTOM,
	...[...SCHEMES].flatMap(([name, { timestamp }]) => (timestamp ? [name] : [])),
];

/** What to do at the sender: one notice for each sender. */
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
