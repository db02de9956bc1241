import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { EndpointLimiter } from '../../nodes/GameInsightsWebhook/intake/admission/rateLimiter';
import { buildAuthenticator } from '../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import type { Receipt } from '../../nodes/GameInsightsWebhook/intake/receipt';
import { receive } from '../../nodes/GameInsightsWebhook/intake/receive';
import { Refusal } from '../../nodes/shared/refusal';
import { receiptReply, refusalReply } from '../../nodes/GameInsightsWebhook/intake/reply';
import { buildIntakeRules } from '../../nodes/GameInsightsWebhook/intake/rules';
import { pick, readEvents } from '../../nodes/shared/events/events';
import { incomingRequest, type RequestParts } from '../support/incomingRequest';
import { mutatedRequests } from '../support/mutatedRequests';
import { undocumented } from '../support/openApiAnswers';
import { USUAL_SETTINGS } from '../support/taken';

/** GAME_INSIGHTS_FUZZ_REQUESTS=1000000 takes its time; GAME_INSIGHTS_FUZZ_SEED repeats a run. */
const REQUESTS = Number(process.env.GAME_INSIGHTS_FUZZ_REQUESTS ?? 50_000);
const SEED = Number(process.env.GAME_INSIGHTS_FUZZ_SEED ?? Date.now() % 2 ** 31);
/** Every so many answers one is held against the whole document, which takes longer than making it. */
const DOCUMENTED_EVERY = 20;
/** Runs of this many requests, so that memory can be looked at in between. */
const RUN = 10_000;

const API_KEY = 'a key of thirty-two characters...';
const authenticate = buildAuthenticator('apiKey', { apiKey: API_KEY });
const schema = JSON.stringify({
	required: ['properties'],
	properties: {
		user_id: { minLength: 1, format: 'email' },
		properties: {
			propertyNames: { maxLength: 5 },
			additionalProperties: {
				anyOf: [{ type: 'number' }, { type: 'string', pattern: '^(a|b)+$' }, { items: { $ref: '#' } }],
			},
		},
	},
});
const rules = [
	buildIntakeRules(USUAL_SETTINGS),
	buildIntakeRules({
		...USUAL_SETTINGS,
		requiredFields: ['user_id', 'properties.a'],
		maxEventsPerRequest: 2,
	}),
	buildIntakeRules({ ...USUAL_SETTINGS, invalidEvents: 'rejectRequest', eventTypes: ['purchase', 'a'] }),
	buildIntakeRules({
		...USUAL_SETTINGS,
		eventSchemas: [
			{ eventType: 'purchase', schema },
			{ eventType: 'a', schema },
		],
	}),
	...[
		{ name: 'cloudEvents', paths: null },
		{ name: 'googleAnalytics4', paths: null },
		{
			name: 'custom',
			paths: {
				events: 'events',
				eventType: 'event_type',
				eventId: '$.event_id',
				userId: 'properties.a',
				timestamp: 'timestamp',
			},
		},
	].map((eventFormat) => buildIntakeRules({ ...USUAL_SETTINGS, eventFormat })),
];

const seen = new Map<string, number>();
let count = 0;

/** What must hold for whatever was taken in. */
function expectWhole({ source, received, accepted, rejected, ignored, errors }: Receipt): void {
	assert.ok(errors.length <= 101);
	if (received === 0) return;
	assert.equal(accepted.length + rejected.length + ignored, received);
	const values = readEvents(source);
	assert.equal(values.length, received);
	const indexes = accepted.map(({ index }) => index);
	const picked = readEvents(pick(source, indexes));
	assert.equal(JSON.stringify(picked), JSON.stringify(indexes.map((index) => values[index])));
	for (const { eventText, raw, summary } of rejected) {
		assert.equal(eventText === null, raw !== null);
		if (eventText !== null) JSON.parse(eventText);
		assert.match(summary, /\.$/);
	}
}

async function answered(parts: RequestParts, which: number): Promise<void> {
	const headers = [...(parts.headers ?? []), ['X-API-Key', which % 50 === 0 ? 'wrong' : API_KEY] as const];
	const request = incomingRequest({ ...parts, headers });
	let reply;
	try {
		const receipt = await receive(request, rules[which % rules.length]!, authenticate, new EndpointLimiter());
		expectWhole(receipt);
		reply = receiptReply(receipt, { status: 'accepted', accepted: receipt.accepted.length, duplicates: 0 });
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		reply = refusalReply(error, request.requestId, undefined);
	}
	const code =
		typeof reply.body === 'object'
			? ((reply.body.error as { code: string } | undefined)?.code ?? 'taken')
			: '';
	seen.set(`${reply.status} ${code}`, (seen.get(`${reply.status} ${code}`) ?? 0) + 1);
	if (which % DOCUMENTED_EVERY === 0) assert.deepEqual(undocumented({ ...reply, headers: {} }), []);
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heapMb = (): number => {
	collectGarbage();
	return process.memoryUsage().heapUsed / 1e6;
};

it(`${REQUESTS} requests as nobody should send them: only answers of the contract, and no growth in memory (seed ${SEED})`, async () => {
	const startedAtMs = Date.now();
	const heapsMb: number[] = [];
	for (let run = 0; count < REQUESTS; run++) {
		const untilCount = Math.min(REQUESTS, (run + 1) * RUN);
		await fc.assert(
			fc.asyncProperty(mutatedRequests, async (variants) => {
				for (const parts of variants) await answered(parts, count++);
			}),
			{ numRuns: Math.ceil((untilCount - count) / 25), seed: SEED + run },
		);
		heapsMb.push(heapMb());
	}
	const kinds = [...seen].sort().map(([kind, times]) => `${kind}: ${times}`);
	process.stdout.write(
		`${count} requests, seed ${SEED}, ${Math.round((Date.now() - startedAtMs) / 1000)} s (${Math.round(process.cpuUsage().user / 1e6)} s of a processor); heap ${heapsMb.map((mb) => mb.toFixed(0)).join(' ')} MB; RSS ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB; ${kinds.join(', ')}\n`,
	);
	expect([...seen.keys()].sort()).toEqual([
		'200 taken',
		'400 invalid_body',
		'400 invalid_events',
		'401 unauthorized',
		'413 too_many_events',
		'415 unsupported_media_type',
	]);
	// The first run warms up: compiled code, patterns, caches that have a bound.
	expect(Math.max(...heapsMb.slice(1), 0)).toBeLessThan((heapsMb[0] ?? 0) + 30);
}, 3_600_000);
