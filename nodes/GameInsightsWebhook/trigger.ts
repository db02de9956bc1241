import { type ITriggerFunctions, type ITriggerResponse, NodeOperationError } from 'n8n-workflow';
import type { StartExecution } from './delivery/arrival';
import { startExecution } from './delivery/execution';
import { handoverOfUnit } from './delivery/handover';
import { TableFailure } from './delivery/journal/table';
import type { Line } from './delivery/line';
import { type Registry, type RegistryClock, registryKey } from './delivery/registry';
import { Watchdog } from './delivery/watchdog';
import { refuseExpressions } from './expressions';
import { FaultyIntakeSettings, buildIntakeRules } from './intake/rules';
import type { Journals } from './journals';
import { journalTarget } from './journalTarget';
import { type Settings, readSettings } from './settings';

/** How long an execution may take in a workflow without a timeout of its own; what n8n's Kafka trigger waits, too. */
const LONGEST_EXECUTION_MS = 3_600_000;
/** n8n stops an execution at its timeout and then tells its end; this is the time given to the telling. */
const TIMEOUT_SLACK_MS = 60_000;

function longestExecutionMs(context: ITriggerFunctions): number {
	const timeoutSeconds = context.getWorkflowSettings().executionTimeout ?? 0;
	return timeoutSeconds > 0 ? timeoutSeconds * 1_000 + TIMEOUT_SLACK_MS : LONGEST_EXECUTION_MS;
}

/**
 * Faulty settings are told when the workflow is published, not with the first request.
 *
 * @throws NodeOperationError
 */
function checkSettings(context: ITriggerFunctions, settings: Settings): void {
	try {
		refuseExpressions(context.getNode().parameters);
		buildIntakeRules(settings.intake);
	} catch (error) {
		throw error instanceof FaultyIntakeSettings ? faultySettings(context, error) : error;
	}
}

function faultySettings(context: ITriggerFunctions, { message }: FaultyIntakeSettings): NodeOperationError {
	const description = 'Change this in the node, then publish the workflow again.';
	return new NodeOperationError(context.getNode(), message, { level: 'warning', description });
}

/** Opens the node's delivery line: from here on requests are kept by it, and failed executions are run again. */
export async function trigger(
	context: ITriggerFunctions,
	registry: Registry,
	journals: Journals,
	clock: RegistryClock,
	newLine: () => Line,
): Promise<ITriggerResponse> {
	const settings = readSettings(context.getNode().parameters);
	checkSettings(context, settings);
	const key = registryKey(context.getWorkflow().id, context.getNode().id);
	const watchdog = new Watchdog(clock, longestExecutionMs(context));
	const emitter = {
		emit: context.emit.bind(context),
		createDeferredPromise: context.helpers.createDeferredPromise,
	};
	const start: StartExecution = (unit) => startExecution(emitter, handoverOfUnit(unit, settings), watchdog);
	const closeJournal = await openJournal(context, journals, start);
	// Where events are kept in a table, a line in memory only works off what it still has from before that was switched on.
	const line = closeJournal === null ? registry.opened(key, newLine) : registry.find(key);
	line?.open(start, settings.delivery);
	return {
		closeFunction: async () => {
			if (closeJournal === null) registry.closed(key);
			await Promise.all([line?.close(), closeJournal?.()]);
		},
	};
}

async function openJournal(
	context: ITriggerFunctions,
	journals: Journals,
	start: StartExecution,
): Promise<(() => Promise<void>) | null> {
	const settings = readSettings(context.getNode().parameters);
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
