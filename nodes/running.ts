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
export { credentialTests } from './GameInsights/credentialTests';
export { execute as send } from './GameInsights/execute';
import { eventTexts } from './GameInsightsWebhook/intake/parse/slice';
import { Queue } from './GameInsightsWebhook/queue/queue';
import { Registry } from './GameInsightsWebhook/endpoint/registry';
import { execute } from './GameInsightsWebhook/execute';
import { Journals } from './GameInsightsWebhook/endpoint/journals';
import { checkNode, trigger } from './GameInsightsWebhook/trigger';
import { webhook } from './GameInsightsWebhook/webhook';

const clock = {
	now: () => Date.now(),
	elapsedMs: () => performance.now(),
	sleep: async (milliseconds: number) => await sleep(milliseconds),
};
const registry = new Registry(clock);
const journals = new Journals({
	...clock,
	random: Math.random,
	newId: randomUUID,
	eventTexts,
});

/** A request has come. */
export async function takeIn(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	return await webhook(context, { registry, journals }, randomUUID());
}

/** The workflow was published, here or in another process that leads no more. */
export async function goLive(context: ITriggerFunctions): Promise<ITriggerResponse> {
	return await trigger(context, registry, journals, clock, () => {
		const { logger } = context;
		return new Queue({ ...clock, random: Math.random, newId: randomUUID, log: logger, eventTexts });
	});
}

/**
 * Somebody is about to test the workflow.
 * @throws NodeOperationError when it could not be published like this; it says what to change
 */
export function beforeTest(context: IHookFunctions): void {
	checkNode(context);
}

/** An execution begins. */
export async function begin(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await execute(context, registry, journals);
}
