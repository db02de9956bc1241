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
import { TableFailure } from '../../shared/dataTables/table';
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
 * How long an execution may take in a workflow without its own timeout, unless its events become too old
 * before.
 */
const LONGEST_EXECUTION_MS = 86_400_000;
/** n8n stops an execution at its timeout and then reports its end. This is extra time for the report. */
const TIMEOUT_SLACK_MS = 60_000;

/**
 * How long to wait for the end of an execution. A timeout that is set for all of n8n can't be read here; then
 * n8n stops the execution itself, and reports it.
 */
function longestExecutionMs(context: ITriggerFunctions, { maxAgeMs }: Settings['delivery']): number {
	const timeoutSeconds = context.getWorkflowSettings().executionTimeout ?? 0;
	return timeoutSeconds > 0
		? timeoutSeconds * 1_000 + TIMEOUT_SLACK_MS
		: Math.min(maxAgeMs, LONGEST_EXECUTION_MS);
}

/** The part of n8n's context that is needed to check a node's settings. */
type NodeContext = Pick<ITriggerFunctions, 'getNode' | 'getWorkflowSettings'>;

/**
 * Reports faulty settings when the workflow is published or before a test, not only at the first request.
 * @returns the settings, without faults
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
 * The settings, with a deduplication window that covers the time in which a request can be replayed. If a
 * credential changes later, each request carries the new time; the value here is for events that were
 * processed before a restart. A credential that can't be read accepts no requests.
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
 * Opens the node's queue. From now on it keeps requests and runs failed executions again.
 * @throws NodeOperationError when the workflow can't be published with these settings; it says what to change
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
	// If events are kept in a table, the queue in memory only finishes the events that it got before the table
	// was switched on.
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
