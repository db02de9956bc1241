/**
 * The requests of a game server during a few minutes of play: about 200 events in all forms that a sender may
 * use, five of them invalid, and three requests from a sender without the secret. It is the same in each run,
 * except for the times.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** In cents. @type {Record<string, number>} */
const PRICES = { sword: 499, shield: 349, potion: 99, 'season pass': 999 };
const ITEMS = Object.keys(PRICES);

/**
 * @typedef {object} Shipment
 * @property {string} kind the row of the table that counts it
 * @property {Buffer} body as it is sent
 * @property {Record<string, string>} headers
 * @property {number} events how many events it contains
 * @property {number} bad how many of them are invalid
 * @property {boolean} forged whether it must be refused
 */

/**
 * The five invalid events, each with a different fault.
 * @type {unknown[]}
 */
const badEvents = [
	{ user_id: 'player-1', properties: { item: 'sword' } },
	{ event_type: 42, user_id: 'player-2' },
	{ event_type: 'level_complete', timestamp: 'yesterday' },
	'level_complete',
	{ event_type: 'purchase', properties: ['sword', 4.99] },
];

/**
 * @param {number} number from 0
 * @returns {{ event_type: string, event_id: string, timestamp: string, user_id: string, properties:
 * Record<string, any> }}
 */
function event(number) {
	const common = {
		event_id: randomUUID(),
		timestamp: new Date().toISOString(),
		user_id: `player-${1 + (number % 12)}`,
	};
	if (number % 3 === 0) {
		const item = ITEMS[(number / 3) % ITEMS.length];
		const properties = { item, amount: PRICES[item] / 100, currency: 'USD' };
		return { event_type: 'purchase', ...common, properties };
	}
	if (number % 3 === 1)
		return { event_type: 'level_complete', ...common, properties: { level: 1 + (number % 20) } };
	return { event_type: 'session_start', ...common, properties: { platform: 'ios' } };
}

/**
 * The headers of the gameInsights scheme.
 * @param {string} text the body, uncompressed
 * @param {string} secretKey
 * @param {number} [timestampMs]
 */
function signed(text, secretKey, timestampMs = Date.now()) {
	const signature = createHmac('sha256', secretKey).update(`${timestampMs}.${text}`).digest('hex');
	return { 'x-webhook-timestamp': String(timestampMs), 'x-webhook-signature': `sha256=${signature}` };
}

const JSON_TYPE = { 'content-type': 'application/json' };

/**
 * @param {string} secretKey
 * @returns {{ shipments: Shipment[], revenueByItem: Map<string, number> }} revenue is in cents
 */
export function gameSession(secretKey) {
	/** @type {Shipment[]} */
	const shipments = [];
	/** @type {Map<string, number>} */
	const revenueByItem = new Map();
	let made = 0;

	const good = (/** @type {number} */ count) =>
		Array.from({ length: count }, () => {
			const next = event(made++);
			if (next.event_type === 'purchase') {
				const { item, amount } = next.properties;
				revenueByItem.set(item, (revenueByItem.get(item) ?? 0) + Math.round(amount * 100));
			}
			return next;
		});
	/** Invalid events between valid ones. @type {(count: number, bad: unknown[]) => unknown[]} */
	const mixed = (count, bad) => {
		const goodOnes = good(count - bad.length);
		return [...goodOnes.slice(0, 3), ...bad, ...goodOnes.slice(3)];
	};

	/**
	 * @type {(kind: string, text: string, events: number, bad: number, headers?: Record<string, string>) =>
	 * void}
	 */
	const ship = (kind, text, events, bad, headers = JSON_TYPE) => {
		const zipped = headers['content-encoding'] === 'gzip';
		shipments.push({
			kind,
			body: zipped ? gzipSync(text) : Buffer.from(text),
			headers: { ...headers, ...signed(text, secretKey) },
			events,
			bad,
			forged: false,
		});
	};

	for (let number = 0; number < 20; number++) ship('single events', JSON.stringify(good(1)[0]), 1, 0);
	for (const bad of [badEvents.slice(0, 2), [], badEvents.slice(2, 3), []]) {
		ship('batches { "events": [...] }', JSON.stringify({ events: mixed(25, bad) }), 25, bad.length);
	}
	ship(
		'NDJSON, an event a line',
		mixed(40, badEvents.slice(3, 4))
			.map((line) => JSON.stringify(line))
			.join('\n'),
		40,
		1,
		{ 'content-type': 'application/x-ndjson' },
	);
	ship('gzipped array', JSON.stringify(mixed(40, badEvents.slice(4))), 40, 1, {
		...JSON_TYPE,
		'content-encoding': 'gzip',
	});

	const text = JSON.stringify({ event_type: 'purchase', properties: { item: 'sword', amount: 4999 } });
	const forgeries = [
		{ text, headers: signed(text, 'not the secret that was agreed on') },
		{ text, headers: signed(text, secretKey, Date.now() - 60 * 60 * 1000) },
		{ text: text.replace('4999', '0.01'), headers: signed(text, secretKey) },
	];
	for (const forgery of forgeries) {
		shipments.push({
			kind: 'forged requests',
			body: Buffer.from(forgery.text),
			headers: { ...JSON_TYPE, ...forgery.headers },
			events: 1,
			bad: 0,
			forged: true,
		});
	}
	return { shipments, revenueByItem };
}
