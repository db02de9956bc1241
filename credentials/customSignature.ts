import type { INodeProperties } from 'n8n-workflow';

/** The fields that describe how a sender signs that has no record. */
export const customSignatureFields: INodeProperties[] = [
	{
		displayName: 'Signature Header',
		name: 'signatureHeader',
		type: 'string',
		default: '',
		placeholder: 'e.g. X-Signature',
		description: 'The header with the signature',
		displayOptions: { show: { scheme: ['custom'] } },
	},
	{
		displayName: 'Signature Form',
		name: 'signatureForm',
		type: 'options',
		options: [
			{
				name: 'One or Several',
				value: 'list',
				description: 'A signature after a prefix; several with commas between them, as in v0=…,…',
			},
			{
				name: 'Pairs',
				value: 'pairs',
				description: 'Names and values, the time among them, as in t=…,v1=…',
			},
			{
				name: 'Versions',
				value: 'versions',
				description: 'Version, comma, signature, and spaces between several, as in v1,… v1,…',
			},
		],
		default: 'list',
		displayOptions: { show: { scheme: ['custom'] } },
		description:
			'How the signature is written in its header. If there are several, one of them has to match.',
	},
	{
		displayName: 'Signature Name',
		name: 'signatureKey',
		type: 'string',
		default: 'v1',
		placeholder: 'e.g. v1',
		description: 'The name before each signature in its header',
		displayOptions: { show: { scheme: ['custom'], signatureForm: ['pairs', 'versions'] } },
	},
	{
		displayName: 'Timestamp Name',
		name: 'timestampKey',
		type: 'string',
		default: 't',
		placeholder: 'e.g. t',
		description: 'The name before the time in the signature header',
		displayOptions: { show: { scheme: ['custom'], signatureForm: ['pairs'] } },
	},
	{
		displayName: 'Signature Prefix',
		name: 'signaturePrefix',
		type: 'string',
		default: '',
		placeholder: 'e.g. sha256=',
		description: 'The text before the signature in its header, if any',
		displayOptions: { show: { scheme: ['custom'], signatureForm: ['list'] } },
	},
	{
		displayName: 'Signature Encoding',
		name: 'signatureEncoding',
		type: 'options',
		options: [
			{ name: 'Base64', value: 'base64' },
			{ name: 'Base64 for URLs', value: 'base64url', description: 'With - and _ in place of + and /' },
			{ name: 'Hex', value: 'hex' },
		],
		default: 'hex',
		displayOptions: { show: { scheme: ['custom'] } },
	},
	{
		displayName: 'Signed Content',
		name: 'signedContent',
		type: 'string',
		default: '{timestamp}.{body}',
		placeholder: 'e.g. {timestamp}.{body}',
		description:
			'What the sender signs: {body} is the raw body, {bodySha256} its SHA-256 in hex, {timestamp} and {id} come from their headers, {url} is the Notification URL, {method}, {path} and {query} are those of the request, {header.x-name} is a header. All other text is used as it is. Without {timestamp}, others can send a captured request again.',
		displayOptions: { show: { scheme: ['custom'] } },
	},
	{
		displayName: 'Timestamp Header',
		name: 'timestampHeader',
		type: 'string',
		default: '',
		placeholder: 'e.g. X-Timestamp',
		description: 'The header of the timestamp: seconds or milliseconds since 1970, or a date and time',
		displayOptions: { show: { scheme: ['custom'], signatureForm: ['list', 'versions'] } },
	},
	{
		displayName: 'ID Header',
		name: 'idHeader',
		type: 'string',
		default: '',
		placeholder: 'e.g. X-Message-ID',
		description: 'The header of the message ID, where it is signed',
		displayOptions: { show: { scheme: ['custom'] } },
	},
	// Not a secret itself: the encoding of a secret.
	{
		displayName: 'Secret Encoding',
		name: 'secretEncoding',
		type: 'options',
		options: [
			{ name: 'Base64', value: 'base64', description: 'The secret key is bytes, written in base64' },
			{
				name: 'Base64 After Whsec_',
				value: 'whsec',
				description: 'As Standard Webhooks write it: whsec_… or v1,whsec_…, pasted whole',
			},
			{ name: 'Hex', value: 'hex', description: 'The secret key is bytes, written in hexadecimal' },
			{ name: 'Text', value: 'utf8', description: 'The secret key is used as it is typed' },
		],
		default: 'utf8',
		displayOptions: { show: { scheme: ['custom'] } },
	},
];
