/**
 * The processor time an event costs inside the package's own code, without n8n: verify, parse, validate, and
 * build the items; beside the least that anybody has to do, the HMAC of the bytes and `JSON.parse`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import esbuild from 'esbuild';
import { Bench } from 'tinybench';
import paths from '../../lab/paths.js';
import { PlainError } from '../../lab/plainError.js';
import { SECRET, bodyOf, signed } from './messages.mjs';

const { lab, root } = paths;

/** Events a request, for the rows that show how cost grows. */
export const SIZES = [1, 10, 100, 1_000, 10_000];

/**
 * @typedef {object} CoreCost
 * @property {number} events in the request
 * @property {number} oursUs microseconds an event, the median over many requests
 * @property {number} floorUs the same for the floor
 */

/**
 * @param {number} milliseconds to spend on each size and side, in each round
 * @param {number} rounds
 * @returns {Promise<CoreCost[][]>} a list for each round
 */
export async function measureCore(milliseconds, rounds) {
	const core = await bundledCore();
	const requests = SIZES.map((events) => requestOf(events));
	/** @type {CoreCost[][]} */
	const measured = [];
	for (let round = 0; round < rounds; round++) {
		const bench = new Bench({ time: milliseconds, warmupTime: milliseconds / 4 });
		for (const request of requests) {
			bench.add(`floor ${request.events}`, () => floor(request));
			bench.add(`ours ${request.events}`, async () => await ours(core, request));
		}
		await bench.run();
		const us = (/** @type {string} */ name) => {
			const result = bench.getTask(name)?.result;
			if (result?.state !== 'completed') {
				const why = result?.state === 'errored' ? `: ${result.error.message}` : '.';
				throw new PlainError(`"${name}" could not be measured${why}`);
			}
			return result.latency.p50 * 1000;
		};
		measured.push(
			SIZES.map((events) => ({
				events,
				oursUs: us(`ours ${events}`) / events,
				floorUs: us(`floor ${events}`) / events,
			})),
		);
	}
	return measured;
}

/**
 * The core as esbuild bundles it for the package, with its functions to be had.
 * @returns {Promise<any>}
 */
async function bundledCore() {
	const outfile = path.join(lab, 'bench', 'core.cjs');
	await esbuild.build({
		stdin: {
			contents: [
				'intake/receive',
				'intake/readAhead',
				'intake/rules',
				'intake/authenticate/authenticator',
				'intake/admission/rateLimiter',
				'endpoint/rulesCache',
				'items/outputItems',
				'items/payload',
				'panel/settings',
			]
				.map((file) => `export * from './nodes/GameInsightsWebhook/${file}';`)
				.join('\n'),
			resolveDir: root,
			loader: 'ts',
		},
		outfile,
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		logLevel: 'error',
	});
	const core = createRequire(import.meta.url)(outfile);
	return {
		...core,
		rulesCache: new core.RulesCache(),
		authenticate: core.buildAuthenticator('hmac', CREDENTIAL),
		limiter: new core.EndpointLimiter(),
		readAhead: new core.ReadAhead(),
	};
}

/** @param {number} events */
function requestOf(events) {
	const text = bodyOf(events);
	const headers = signed(text);
	return {
		events,
		body: Buffer.from(text),
		headers,
		rawHeaders: Object.entries(headers).flat(),
		receivedAtMs: Date.now(),
	};
}

/** @typedef {ReturnType<typeof requestOf>} Request */

const CREDENTIAL = {
	scheme: 'gameInsights',
	secretKey: SECRET,
	hmacAlgorithm: 'sha256',
	timestampTolerance: 86_400,
};

/**
 * Everything the package does with a request in `webhook()` and `execute()`, but for n8n, the waiting line,
 * and the credential, which is read once a second.
 * @param {any} core
 * @param {Request} request
 */
async function ours(core, { events, body, headers, rawHeaders, receivedAtMs }) {
	const settings = core.readSettings({ authentication: 'hmac', options: { maxEventsPerRequest: events } });
	const receipt = await core.receive(
		{
			requestId: 'a-request',
			receivedAtMs,
			address: '127.0.0.1',
			target: '/webhook/a',
			headers,
			rawHeaders,
			body,
		},
		core.rulesCache.rulesOf(settings.intake),
		core.authenticate,
		core.limiter,
		core.readAhead,
	);
	const payload = core.payloadOfArrival(core.arrivalOf(receipt, '', []), settings);
	const items = core.itemsOf(payload, () => '', core.readAhead.take).events;
	if (items.length !== events) throw new PlainError(`${items.length} of ${events} events came out.`);
}

/** @param {Request} request */
function floor({ events, body, headers }) {
	const expected = createHmac('sha256', SECRET)
		.update(`${headers['x-webhook-timestamp']}.`)
		.update(body)
		.digest();
	const sent = Buffer.from((headers['x-webhook-signature'] ?? '').slice('sha256='.length), 'hex');
	const parsed = JSON.parse(body.toString());
	if (!timingSafeEqual(sent, expected) || (parsed.events ?? [parsed]).length !== events)
		throw new PlainError('The floor fell through.');
}
