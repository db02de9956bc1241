import { setTimeout as pause } from 'node:timers/promises';
import type { N8nApi } from '../../lab/api';
import { API_KEY, type Endpoint, until } from '../e2e/instance';
import { type Sent, type Tally, sendNumbered, tally } from '../support/ledger';
import { withKey } from '../support/sender';
import type { Sink } from '../support/sink';

/** Every tenth event fails once, every fiftieth always; the world behind the workflow takes a moment. */
export function ordinaryTrouble(sink: Sink): void {
	sink.behave = async ({ output, items }) => {
		await pause(30);
		if (output === 'deadLetter') return 200;
		const fails = items.some(({ n, _delivery }) => n % 50 === 7 || (n % 10 === 3 && _delivery.attempt === 1));
		return fails ? 500 : 200;
	};
}

/** Settings under which faults show: retries come soon, several executions are under way. */
export const usualParameters = {
	initialDelay: 500,
	maxRetries: 3,
	options: { maxConcurrentExecutions: 5, acceptTimeout: 4, jitter: false },
};

/** What a fault is tried on. */
export interface Scene {
	readonly name: string;
	readonly endpoint: Endpoint;
	readonly sink: Sink;
	readonly api: () => N8nApi;
	/** Happens while events are being sent; sending goes on for a while after it. */
	readonly fault: () => Promise<void>;
}

/** How many events a second an unhurried sender sends over its four connections: some 25. */
const PAUSE_MS = 150;
const BEFORE_MS = 5_000;
const AFTER_MS = 8_000;

/** Sends before, during and after a fault, lets everything come to rest, and counts to the event. */
export async function underLoad(scene: Scene): Promise<{ sent: Sent; became: Tally }> {
	let isOver = false;
	const sending = sendNumbered({
		url: scene.endpoint.url,
		headers: withKey(API_KEY),
		connections: 4,
		pauseMs: PAUSE_MS,
		goesOn: () => !isOver,
	});
	await pause(BEFORE_MS);
	try {
		await scene.fault();
		await pause(AFTER_MS);
	} finally {
		isOver = true;
	}
	const sent = await sending;
	await atRest(scene);
	const became = await tally(sent.accepted, scene.sink, scene.api(), scene.endpoint.workflowId);
	process.stderr.write(
		`${scene.name}: ${JSON.stringify({ sent: sent.sent, not200: sent.otherAnswers, ...became })}\n`,
	);
	return { sent, became };
}

/**
 * For longer than the longest wait before a retry nothing arrives at the sink, and no execution changes.
 * Where n8n could not write the end of one it shows it as running until it is started again.
 */
async function atRest({ sink, api, endpoint }: Scene): Promise<void> {
	const state = async (): Promise<string | undefined> => {
		const executions = await api()
			.executions({ workflowId: endpoint.workflowId })
			.catch(() => undefined);
		if (executions === undefined || executions.some(({ status }) => status === 'new')) return undefined;
		return JSON.stringify([sink.deliveries.length, executions.map(({ id, status }) => [id, status])]);
	};
	await until(
		'everything at rest',
		async () => {
			const before = await state();
			await pause(8_000);
			return before !== undefined && before === (await state());
		},
		180_000,
	);
}

/**
 * Nothing that was answered with 200 is nowhere, and every number adds up; with Durable all of it comes to
 * its end.
 */
export function expectNothingLost({ sent, became }: { sent: Sent; became: Tally }, isDurable: boolean): void {
	const visible = Object.values(became.visible).reduce((sum, count) => sum + count, 0);
	const others = Object.values(sent.otherAnswers).reduce((sum, count) => sum + count, 0);
	expect(became.lost).toEqual([]);
	if (isDurable) expect(became.visible).toEqual({});
	expect(became.processed + became.deadLettered + visible).toBe(became.accepted);
	expect(became.accepted + others).toBe(sent.sent);
	expect(became.processed).toBeGreaterThan(50);
}
