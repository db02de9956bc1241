import { randomUUID } from 'crypto';
import {
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeExecutionData,
	type ITriggerFunctions,
	type ITriggerResponse,
	type IWebhookFunctions,
	type IWebhookResponseData,
	sleep,
} from 'n8n-workflow';
import { withPing } from './GameInsights/checkCredentials';
import { execute as sendEvents } from './GameInsights/execute';
import { findDeadLetters, redriveMatching } from './GameInsights/deadLetters';
import { getFigures } from './GameInsights/figures';
import { getStory } from './GameInsights/getStory';
import { sendTest } from './GameInsights/sendTest';
import { RateLimiters } from './GameInsightsWebhook/intake/admission/rateLimiter';
import { KnownVerifiers } from './GameInsightsWebhook/intake/authenticate/authenticator';
import { eventTexts } from './shared/events/slice';
import { ReadAhead } from './GameInsightsWebhook/intake/readAhead';
import { Queue } from './GameInsightsWebhook/queue/queue';
import { AuthenticatorCache } from './GameInsightsWebhook/endpoint/authenticatorCache';
import { Figures, figuresItem } from './GameInsightsWebhook/endpoint/figures';
import { queuedEvent } from './GameInsightsWebhook/endpoint/queuedEvent';
import { Registry, registryKey } from './GameInsightsWebhook/endpoint/registry';
import { RulesCache } from './GameInsightsWebhook/endpoint/rulesCache';
import { credentialTests as verificationTests } from './GameInsightsWebhook/n8n/checkCredentials';
import { execute } from './GameInsightsWebhook/n8n/execute';
import { Journals } from './GameInsightsWebhook/endpoint/journals';
import { checkNode, trigger } from './GameInsightsWebhook/n8n/trigger';
import { webhook } from './GameInsightsWebhook/n8n/webhook';

const clock = {
	now: () => Date.now(),
	elapsedMs: () => performance.now(),
	sleep: async (milliseconds: number) => await sleep(milliseconds),
};
/** One per process, like all the state in this file: n8n makes one instance of a node for all endpoints. */
const registry = new Registry(clock);
const figures = new Figures();
const readAhead = new ReadAhead();
const rules = new RulesCache();
const rateLimiters = new RateLimiters();
const authenticators = new AuthenticatorCache(clock.elapsedMs);
const verifiers = new KnownVerifiers();
const journals = new Journals({
	...clock,
	random: Math.random,
	newId: randomUUID,
	eventTexts,
});

const ports = { registry, journals, figures, readAhead, rules, rateLimiters, authenticators, verifiers };

/** The tests of credentials, by the names in `testedBy` of the nodes. */
export const credentialTests = withPing(verificationTests);

/** Handles a request. */
export async function takeIn(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	return await webhook(context, ports, randomUUID());
}

/** Is called when the workflow was published, or when this process takes over from another main process. */
export async function goLive(context: ITriggerFunctions): Promise<ITriggerResponse> {
	return await trigger(context, registry, journals, clock, () => {
		const { logger } = context;
		return new Queue({ ...clock, random: Math.random, newId: randomUUID, log: logger, eventTexts });
	});
}

/**
 * Is called before the workflow is tested.
 * @throws NodeOperationError when it could not be published with these settings; it says what to change
 */
export function beforeTest(context: IHookFunctions): void {
	checkNode(context);
}

/** The first step of an execution. */
export async function begin(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await execute(context, registry, journals, readAhead.take);
}

/** Runs the action node. */
export async function send(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	switch (context.getNodeParameter('operation', 0)) {
		case 'getFigures':
			return getFigures(context, figuresOf);
		case 'find':
			return await findDeadLetters(context);
		case 'redriveMatching':
			return await redriveMatching(context);
		case 'sendTest':
			return await sendTest(context);
		case 'getStory':
			return await getStory(context, (id) =>
				queuesOf(id).flatMap(({ queue }) => [...queue.items].map(queuedEvent)),
			);
		default:
			return await sendEvents(context);
	}
}

const queuesOf = (workflowId: string) => [
	...registry.ofWorkflow(workflowId),
	...journals.ofWorkflow(workflowId),
];

function figuresOf(workflowId: string): Array<Record<string, unknown>> {
	return queuesOf(workflowId).map(({ nodeId, isLive, queue }) => {
		const requests = figures.of(registryKey(workflowId, nodeId), clock.now());
		return figuresItem({ workflowId, nodeId, isLive }, requests, queue.figures, clock.now());
	});
}
