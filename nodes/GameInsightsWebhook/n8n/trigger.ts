import {
	type IDataObject,
	type ITriggerFunctions,
	type ITriggerResponse,
	NodeOperationError,
} from 'n8n-workflow';
import { refuseExpressions } from '../panel/expressions';
import type { StartExecution } from '../queue/arrival';
import { NEEDS_ENGINE_1, isEngine2 } from './engine';
import { startExecution } from './execution';
import { payloadOfJob } from '../items/payload';
import { TableFailure } from '../journal/table';
import type { Queue } from '../queue/queue';
import { type Registry, registryKey } from '../endpoint/registry';
import type { Clock } from '../../shared/clock';
import { Watchdog } from '../queue/watchdog';
import { replayableForMs } from '../intake/authenticate/authenticator';
import { FaultyIntakeSettings, buildIntakeRules } from '../intake/rules';
import type { Journals } from '../endpoint/journals';
import { journalTarget } from '../endpoint/journalTarget';
import { CREDENTIAL_BY_AUTHENTICATION } from '../../shared/authenticationMethod';
import { type Settings, readSettings } from '../panel/settings';

/**
 * How long an execution may take in a workflow without a timeout of its own, unless its events become too old
 * before.
 */
const LONGEST_EXECUTION_MS = 86_400_000;
/** n8n stops an execution at its timeout and then tells its end; this is the time given to the telling. */
const TIMEOUT_SLACK_MS = 60_000;

/**
 * How long the end of an execution is waited for. A timeout that is set for all of n8n can't be read here;
 * n8n then stops the execution by itself, and says so.
 */
function longestExecutionMs(context: ITriggerFunctions, { maxAgeMs }: Settings['delivery']): number {
	const timeoutSeconds = context.getWorkflowSettings().executionTimeout ?? 0;
	return timeoutSeconds > 0
		? timeoutSeconds * 1_000 + TIMEOUT_SLACK_MS
		: Math.min(maxAgeMs, LONGEST_EXECUTION_MS);
}

/** What is asked of n8n to know whether a node is set up well. */
type NodeContext = Pick<ITriggerFunctions, 'getNode' | 'getWorkflowSettings'>;

/**
 * Faulty settings are told when the workflow is published or about to be tested, not with the first request.
 * @returns the settings, free of faults
 * @throws NodeOperationError that says what to change
 */
export function checkNode(context: NodeContext): Settings {
	if (isEngine2(context.getWorkflowSettings()))
		throw new NodeOperationError(context.getNode(), NEEDS_ENGINE_1);
	const { parameters } = context.getNode();
	const settings = readSettings(parameters);
	try {
		refuseExpressions(parameters);
		buildIntakeRules(settings.intake);
	} catch (error) {
		throw error instanceof FaultyIntakeSettings ? faultySettings(context, error) : error;
	}
	return settings;
}

function faultySettings(context: NodeContext, { message }: FaultyIntakeSettings): NodeOperationError {
	const description = 'Change this in the node, then try again.';
	return new NodeOperationError(context.getNode(), message, { level: 'warning', description });
}

/**
 * The settings with a deduplication window in which no request can be replayed. A credential that changes
 * later says so with each request; here it counts for what was processed before a restart. One that can't be
 * read lets nobody in.
 */
async function withWindowForReplays(context: ITriggerFunctions, settings: Settings): Promise<Settings> {
	const { authentication, delivery } = settings;
	if (delivery.deduplicationWindowMs === 0) return settings;
	const credential = await context
		.getCredentials<IDataObject>(CREDENTIAL_BY_AUTHENTICATION[authentication])
		.catch(() => null);
	if (credential === null) return settings;
	const replayableMs = replayableForMs(authentication, credential);
	const deduplicationWindowMs = Math.max(delivery.deduplicationWindowMs, replayableMs);
	return { ...settings, delivery: { ...delivery, deduplicationWindowMs } };
}

/**
 * Opens the node's queue: from here on requests are kept by it, and failed executions are run again.
 * @throws NodeOperationError when the workflow can't be published like this; it says what to change
 */
export async function trigger(
	context: ITriggerFunctions,
	registry: Registry,
	journals: Journals,
	clock: Clock,
	newQueue: () => Queue,
): Promise<ITriggerResponse> {
	const settings = await withWindowForReplays(context, checkNode(context));
	const key = registryKey(context.getWorkflow().id, context.getNode().id);
	const watchdog = new Watchdog(clock, longestExecutionMs(context, settings.delivery));
	const emitter = {
		emit: context.emit.bind(context),
		createDeferredPromise: context.helpers.createDeferredPromise,
	};
	const start: StartExecution = (content) =>
		startExecution(emitter, payloadOfJob(content, settings), watchdog);
	const closeJournal = await openJournal(context, settings, journals, start);
	// Where events are kept in a table, a queue in memory only works off what it still has from before that was
	// switched on.
	const queue = closeJournal === null ? registry.opened(key, newQueue) : registry.find(key);
	queue?.open(start, settings.delivery);
	return {
		closeFunction: async () => {
			if (closeJournal === null) registry.closed(key);
			await Promise.all([queue?.close(), closeJournal?.()]);
		},
	};
}

async function openJournal(
	context: ITriggerFunctions,
	settings: Settings,
	journals: Journals,
	start: StartExecution,
): Promise<(() => Promise<void>) | null> {
	const target = await journalTarget(context, settings);
	if (target === null) return null;
	try {
		return await journals.open(target, start);
	} catch (error) {
		throw error instanceof TableFailure
			? new NodeOperationError(context.getNode(), error.message, {
					description: 'Durable could not be switched on.',
				})
			: error;
	}
}
