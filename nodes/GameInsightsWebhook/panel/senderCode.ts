/**
 * Code for whoever sends, to be copied as it is: it runs on Node.js 18 and later without any package. What stands in
 * capitals is to be filled in.
 */
const sending = (headers: string): string => `
fetch(url, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ${headers} },
  body,
}).then(async (answer) => console.log(answer.status, await answer.text()));
`;

const EVENT = `const body = JSON.stringify({ event_type: 'test', user_id: 'test_user' });`;

/** Sends an event with an API key. */
export const API_KEY_CODE = `const url = 'YOUR WEBHOOK URL';
const apiKey = 'YOUR API KEY';

${EVENT}
${sending(`'X-API-Key': apiKey`)}`;

/** Sends an event with a signature of the Game Insights scheme. */
export const HMAC_CODE = `const { createHmac } = require('node:crypto');

const url = 'YOUR WEBHOOK URL';
const secretKey = 'YOUR SECRET KEY';

${EVENT}
const timestamp = String(Date.now());
const signature = createHmac('sha256', secretKey).update(timestamp + '.' + body).digest('hex');
${sending(`'X-Webhook-Timestamp': timestamp, 'X-Webhook-Signature': 'sha256=' + signature`)}`;

/** Sends an event with a token that is made from a shared secret and is good for five minutes. */
export const JWT_CODE = `const { createHmac } = require('node:crypto');

const url = 'YOUR WEBHOOK URL';
const secret = 'YOUR SECRET';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { sub: 'my-game-server', exp: Math.floor(Date.now() / 1000) + 300 };
const content = part({ alg: 'HS256', typ: 'JWT' }) + '.' + part(claims);
const token = content + '.' + createHmac('sha256', secret).update(content).digest('base64url');

${EVENT}
${sending(`Authorization: 'Bearer ' + token`)}`;
