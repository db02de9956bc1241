/**
 * What the senders of the benchmark send: game events of an ordinary size, no two of them the same, each
 * request signed by itself.
 */
import { createHmac } from 'node:crypto';

/** What honest senders sign with. */
export const SECRET = 'a-shared-secret-of-some-length-for-the-benchmark';

/** What somebody signs with who does not know it. */
export const FORGERS_SECRET = 'a-guess-of-the-same-length-that-is-not-the-secret';

/** Told apart from events of an earlier run, which a workflow might still remember. */
const RUN = Date.now().toString(36);
const PLATFORMS = ['android', 'ios', 'steam', 'switch'];

let made = 0;

/** @returns {string} one event as JSON, some 300 bytes */
export function eventText() {
	const number = ++made;
	return (
		`{"event_id":"${RUN}-${number}","event_type":"purchase","timestamp":"${new Date().toISOString()}",` +
		`"user_id":"player-${number % 5000}","session_id":"session-${number % 800}","properties":{"sku":"gem_pack_500",` +
		`"price":4.99,"currency":"EUR","level":${number % 80},"platform":"${PLATFORMS[number % 4]}","build":"1.42.0",` +
		`"country":"DE","is_first_purchase":${number % 2 === 0}}}`
	);
}

/**
 * @param {number} events
 * @returns {string} a body of so many: the event itself when it is one, else `{ "events": [...] }`
 */
export function bodyOf(events) {
	if (events === 1) return eventText();
	return `{"events":[${Array.from({ length: events }, eventText).join(',')}]}`;
}

/**
 * @param {string} body
 * @param {string} [secret]
 * @returns {Record<string, string>} the headers of the gameInsights scheme
 */
export function signed(body, secret = SECRET) {
	const timestamp = String(Date.now());
	const signature = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
	return {
		'content-type': 'application/json',
		'x-webhook-timestamp': timestamp,
		'x-webhook-signature': `sha256=${signature}`,
	};
}
