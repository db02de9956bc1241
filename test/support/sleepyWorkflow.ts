import { randomUUID } from 'node:crypto';
import { TRIGGER } from './workflow';

/** The node that runs after the sleep. */
export const AFTER_SLEEP = 'After Sleep';

/** The parameters of a Wait node that waits until its address is called. */
export const UNTIL_CALLED = { resume: 'webhook' };

const node = (name: string, type: string, typeVersion: number, parameters: object, more: object = {}) => ({
	...{ id: randomUUID(), name, type, typeVersion, parameters, position: [600, 0] },
	...more,
});

const poster = (name: string, url: string, body: string) =>
	node(
		name,
		'n8n-nodes-base.httpRequest',
		4.2,
		{
			...{ method: 'POST', url, sendBody: true, specifyBody: 'json' },
			...{ jsonBody: body, options: {} },
		},
		{ executeOnce: true },
	);

/**
 * A workflow of a trigger whose executions sleep: it posts its events with the address that wakes the
 * execution to `/events`, sleeps in a Wait node, and posts the events to `/after`. Retries take the same way.
 * @param nodes those of the endpoint: its trigger and the node that posts dead letters stay
 * @param wait the parameters of the Wait node
 */
export function sleepyWorkflow(
	nodes: ReadonlyArray<{ readonly name: string }>,
	sinkUrl: string,
	wait: object = UNTIL_CALLED,
): { readonly nodes: object[]; readonly connections: object } {
	const to = (name: string) => [{ node: name, type: 'main', index: 0 }];
	return {
		nodes: [
			...nodes.filter(({ name }) => [TRIGGER, 'deadLetter'].includes(name)),
			poster(
				'Before Sleep',
				`${sinkUrl}/events`,
				'={{ JSON.stringify($input.all().map(({ json }) => ({ ...json, wake: $execution.resumeUrl }))) }}',
			),
			node('Sleep', 'n8n-nodes-base.wait', 1.1, wait, { webhookId: randomUUID() }),
			poster(
				AFTER_SLEEP,
				`${sinkUrl}/after`,
				`={{ JSON.stringify($('${TRIGGER}').all().map(({ json }) => json)) }}`,
			),
		],
		connections: {
			[TRIGGER]: { main: [to('Before Sleep'), [], to('deadLetter')] },
			'Before Sleep': { main: [to('Sleep')] },
			Sleep: { main: [to(AFTER_SLEEP)] },
		},
	};
}
