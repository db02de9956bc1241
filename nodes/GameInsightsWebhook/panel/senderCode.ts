import type { INodeProperties } from 'n8n-workflow';

/*
 * Code for developers of senders, ready to copy. Words in capitals are placeholders. In a shell it needs
 * curl, and openssl for signatures; in Node.js, 18 or later, nothing else.
 */
const sending = (headers: string): string => `
fetch(url, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ${headers} },
  body,
}).then(async (answer) => console.log(answer.status, await answer.text()));
`;

const BODY = `body='{"event_type":"test","user_id":"test_user"}'`;

const curl = (...headers: string[]): string =>
	[
		`curl -X POST 'YOUR WEBHOOK URL'`,
		...['Content-Type: application/json', ...headers].map((header) => `  -H "${header}"`),
		'  --data "$body"',
	].join(' \\\n');

const API_KEY_CURL = `${BODY}
${curl('X-API-Key: YOUR API KEY')}`;

const HMAC_CURL = `secret_key='YOUR SECRET KEY'
${BODY}
timestamp="$(date +%s)000"
signature=$(printf '%s' "$timestamp.$body" | openssl dgst -sha256 -hmac "$secret_key" | sed 's/^.* //')
${curl('X-Webhook-Timestamp: $timestamp', 'X-Webhook-Signature: sha256=$signature')}`;

const JWT_CURL = `secret='YOUR SECRET'
${BODY}
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
header=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url)
claims=$(printf '{"sub":"my-game-server","exp":%s}' "$(($(date +%s) + 300))" | base64url)
signature=$(printf '%s' "$header.$claims" | openssl dgst -sha256 -hmac "$secret" -binary | base64url)
${curl('Authorization: Bearer $header.$claims.$signature')}`;

const EVENT = `const body = JSON.stringify({ event_type: 'test', user_id: 'test_user' });`;

const API_KEY_NODE = `const url = 'YOUR WEBHOOK URL';
const apiKey = 'YOUR API KEY';

${EVENT}
${sending(`'X-API-Key': apiKey`)}`;

const HMAC_NODE = `const { createHmac } = require('node:crypto');

const url = 'YOUR WEBHOOK URL';
const secretKey = 'YOUR SECRET KEY';

${EVENT}
const timestamp = String(Date.now());
const signature = createHmac('sha256', secretKey).update(timestamp + '.' + body).digest('hex');
${sending(`'X-Webhook-Timestamp': timestamp, 'X-Webhook-Signature': 'sha256=' + signature`)}`;

const JWT_NODE = `const { createHmac } = require('node:crypto');

const url = 'YOUR WEBHOOK URL';
const secret = 'YOUR SECRET';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { sub: 'my-game-server', exp: Math.floor(Date.now() / 1000) + 300 };
const content = part({ alg: 'HS256', typ: 'JWT' }) + '.' + part(claims);
const token = content + '.' + createHmac('sha256', secret).update(content).digest('base64url');

${EVENT}
${sending(`Authorization: 'Bearer ' + token`)}`;

/**
 * By authentication method, then by language. A token is made from a shared secret and is valid for five
 * minutes.
 */
export const SENDER_CODE = {
	apiKey: { curl: API_KEY_CURL, node: API_KEY_NODE },
	hmac: { curl: HMAC_CURL, node: HMAC_NODE },
	jwt: { curl: JWT_CURL, node: JWT_NODE },
} as const;

const ROWS = 10;

const codeProperties: INodeProperties[] = Object.entries(SENDER_CODE).flatMap(([authentication, byTool]) =>
	Object.entries(byTool).map(([tool, code]) => ({
		displayName: 'Code',
		name: `${authentication}${tool === 'curl' ? 'Curl' : 'Node'}`,
		type: 'string' as const,
		typeOptions: { editor: 'jsEditor' as const, editorIsReadOnly: true, rows: ROWS },
		default: code,
		displayOptions: { show: { authentication: [authentication], senderCode: [tool] } },
		description: 'Copy it, replace the words in CAPITALS, and run it',
	})),
);

/** Code to copy. It is hidden at first, because only users with their own sending program need it. */
export const senderCodeProperties: INodeProperties[] = [
	{
		displayName: 'Code for Your Own Sender',
		name: 'senderCode',
		type: 'options',
		options: [
			{ name: 'Hide', value: 'none' },
			{ name: 'Show for a Terminal (Curl)', value: 'curl' },
			{ name: 'Show for Node.js', value: 'node' },
		],
		default: 'none',
		description:
			'An example for your own game or server. GitHub, Roblox, Stripe, Twitch and the other senders of the list need no code.',
	},
	...codeProperties,
];
