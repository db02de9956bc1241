import type { INodeProperties } from 'n8n-workflow';
import { numberField } from '../numberBounds';

/** Access: who may send, and how much. */
export const accessOptions: INodeProperties[] = [
	{
		displayName: 'Access: Allowed Origins (CORS)',
		name: 'allowedOrigins',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://play.my-studio.com',
		description:
			'For games in browsers: the origins of the pages that may send and read the answer, separated by commas. Pages of other origins get 403. Empty: any page with the credential may send, none can read the answer. * allows all.',
	},
	{
		displayName: 'Access: IP Allowlist',
		name: 'ipAllowlist',
		type: 'string',
		default: '',
		placeholder: 'e.g. 203.0.113.7, 198.51.100.0/24, 2001:db8::/32',
		description:
			'The addresses and networks that requests may come from, separated by commas. Others get 403. Empty allows all. If n8n is behind a proxy, set N8N_PROXY_HOPS.',
	},
	{
		displayName: 'Access: Rate Limit (Requests Per Minute)',
		name: 'rateLimit',
		...numberField('rateLimit'),
		description:
			'How many requests a minute are accepted. Further ones get 429 and the time after which to try again.',
	},
	{
		displayName: 'Access: Rate Limit Per Address (Requests Per Minute)',
		name: 'rateLimitPerAddress',
		...numberField('rateLimitPerAddress'),
		description:
			'How many requests a minute are accepted from one IP address, for games in browsers whose key everybody can read. It comes before Rate Limit, so one player can not use that up for the others. If n8n is behind a proxy, set N8N_PROXY_HOPS.',
	},
];
