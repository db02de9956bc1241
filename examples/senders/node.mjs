// Sends a batch of signed events. Node.js 20 or later, no packages. Needs: GAME_INSIGHTS_URL (production URL
// of the webhook), GAME_INSIGHTS_SECRET (secret key of the credential).
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const url = process.env.GAME_INSIGHTS_URL;
const secret = process.env.GAME_INSIGHTS_SECRET;
const MAX_RETRIES = 5;

/**
 * Sends events, at most 1,000 at a time. Resolves with the webhook's answer; throws when they could not be
 * delivered.
 */
export async function send(events) {
	const body = JSON.stringify({ events });
	for (let attempt = 0; ; attempt++) {
		const response = await post(body).catch(() => undefined);
		const text = (await response?.text().catch(() => '')) ?? '';
		// Only a JSON object is a receipt: n8n answers 200 with a page of text while it starts.
		if (response?.ok && text.startsWith('{')) return JSON.parse(text);
		// 404 as well: n8n does not know its webhooks yet while it starts.
		const isWorthARetry =
			!response || response.ok || [404, 429].includes(response.status) || response.status >= 500;
		if (!isWorthARetry || attempt === MAX_RETRIES) {
			throw new Error(response ? `${response.status}: ${text}` : 'No answer');
		}
		const asked = Number(response?.headers.get('retry-after') ?? 0);
		await sleep(1000 * Math.max(asked, 2 ** attempt));
	}
}

async function post(body) {
	// A fresh timestamp for each attempt: old ones are refused.
	const timestamp = Date.now();
	const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
	return await fetch(url, {
		method: 'POST',
		headers: {
			'Content-Type': 'application/json',
			'X-Webhook-Timestamp': String(timestamp),
			'X-Webhook-Signature': `sha256=${signature}`,
		},
		body,
		signal: AbortSignal.timeout(30_000),
	});
}

const answer = await send([
	{ event_type: 'session_start', event_id: randomUUID(), user_id: 'player-1' },
	{
		event_type: 'purchase',
		event_id: randomUUID(),
		user_id: 'player-1',
		properties: { item: 'sword', amount: 9.99, currency: 'EUR' },
	},
]);
console.log(answer);
