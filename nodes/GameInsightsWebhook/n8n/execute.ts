import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { DeadLetter } from '../../shared/items/deadLetter';
import { highlightsOf } from '../items/highlights';
import type { BegunSignal } from './execution';
import type { Payload } from '../items/payload';
import { type ReadSource, itemsOf } from '../items/outputItems';
import { type Registry, registryKey } from '../endpoint/registry';
import type { Journals } from '../endpoint/journals';
import { OUTPUT } from '../panel/outputs';

/**
 * How n8n shows at run time what is connected. It exists in 1.123 and 2.41, but not in the published types.
 */
interface Connections {
	getConnections(
		destination: { name: string },
		type: 'main',
	): ReadonlyArray<ReadonlyArray<{ readonly node: string; readonly index: number }> | null>;
}

/** Whether anything is connected to an output of this node. */
function isConnected(context: IExecuteFunctions, { name }: INode, output: number): boolean {
	return context
		.getChildNodes(name)
		.some((child) =>
			(context as unknown as Connections)
				.getConnections(child, 'main')
				.some((sources) => sources?.some((source) => source.node === name && source.index === output)),
		);
}

function isPayload(value: unknown): value is Payload {
	const candidate = value as Partial<Payload> | undefined;
	return Array.isArray(candidate?.requests) && Array.isArray(candidate.deadLetters);
}

function executionUrlOf(context: IExecuteFunctions): (executionId: string) => string {
	const base = context.getInstanceBaseUrl();
	const workflowId = context.getWorkflow().id ?? '';
	return (executionId) => `${base}workflow/${workflowId}/executions/${executionId}`;
}

/**
 * After a restart, n8n begins executions that it had stored but not begun. With `durable` their events are in
 * the journal, where they count as interrupted and are tried again. If such an execution also ran here, its
 * events would run twice.
 */
function isAbandoned(context: IExecuteFunctions, node: INode, journals: Journals, job: string): boolean {
	if (context.getMode() !== 'trigger') return false;
	const live = journals.find({ workflowId: context.getWorkflow().id ?? '', nodeId: node.id });
	return live !== undefined && !live.queue.isRunning(job);
}

const isLetter = ({ stage }: DeadLetter): boolean => stage !== 'notice';

/** A notice is about no event. If nothing is connected that could take it, a line in n8n's log is enough. */
function logNotices(context: IExecuteFunctions, letters: readonly DeadLetter[]): void {
	for (const { summary, reason } of letters.filter((letter) => !isLetter(letter))) {
		context.logger.warn(`${context.getNode().name}: ${summary}`, { reason });
	}
}

type CustomData = IExecuteFunctions['customData'];

/** Sets what n8n's list of executions shows for this one. n8n 1 offers another function for it. */
function highlight(context: IExecuteFunctions, values: Record<string, string>): void {
	const { customData } = context as { customData?: CustomData };
	const older = () => context.getWorkflowDataProxy(0).$execution as { customData?: CustomData };
	(customData ?? older().customData)?.setAll(values);
}

const NOTHING_CONNECTED = 'Nothing is connected to the Dead Letter output';

/** The outputs: Events, Retry, Dead Letter. */
type Outputs = [INodeExecutionData[], INodeExecutionData[], INodeExecutionData[]];

const asItems = (list: Array<Record<string, unknown>>): INodeExecutionData[] =>
	list.map((json) => ({ json: json as INodeExecutionData['json'] }));

/**
 * The first step of every execution, in any process: it informs the waiting request that the execution has
 * begun, and sends the events and dead letters of the payload to the outputs.
 * @throws NodeOperationError when the execution carries only dead letters and nothing is connected to their
 * output. Then the execution is shown as failed, with its data, and the dead letters are not lost unnoticed.
 */
export async function execute(
	context: IExecuteFunctions,
	registry: Registry,
	journals: Journals,
	read: ReadSource,
): Promise<Outputs> {
	const outputs: Outputs = [[], [], []];
	const payload = context.getInputData()[0]?.json as unknown;
	if (!isPayload(payload)) {
		context.addExecutionHints({
			message: 'No request started this execution, so there are no events. Send one to the webhook URL.',
			location: 'outputPane',
		});
		return outputs;
	}

	// Asked for once: n8n copies all of it for each call.
	const node = context.getNode();
	if (payload.job !== null) {
		const queue = registry.find(registryKey(context.getWorkflow().id, node.id));
		if (queue?.isWithdrawn(payload.job) === true || isAbandoned(context, node, journals, payload.job))
			return outputs;
		const signal: BegunSignal = { gameInsights: 'begun', executionId: context.getExecutionId() };
		await context.sendResponse({ body: { ...signal }, headers: {}, statusCode: 200 });
	}

	const isDeadLetterConnected = isConnected(context, node, OUTPUT.deadLetter);
	if (!isDeadLetterConnected) logNotices(context, payload.deadLetters);
	const leaving = isDeadLetterConnected
		? payload
		: { ...payload, deadLetters: payload.deadLetters.filter(isLetter) };
	const items = itemsOf(leaving, executionUrlOf(context), read);
	const { events, deadLetters } = items;
	highlight(context, highlightsOf(leaving, items));
	const isRetry = payload.attempt > 1 && isConnected(context, node, OUTPUT.retry);
	outputs[isRetry ? OUTPUT.retry : OUTPUT.events] = asItems(events);
	outputs[OUTPUT.deadLetter] = asItems(deadLetters);

	if (deadLetters.length > 0 && !isDeadLetterConnected) {
		const [first] = leaving.deadLetters;
		const others = deadLetters.length - 1;
		const more = others === 0 ? '' : ` (and ${others} more dead ${others === 1 ? 'letter' : 'letters'})`;
		const summary = `${first?.summary ?? ''}${more}`;
		if (events.length === 0) {
			throw new NodeOperationError(node, summary, {
				level: 'warning',
				description: `${NOTHING_CONNECTED}, so nobody was told. Connect a node to it, then retry this execution with the currently saved workflow: the events come out there.`,
			});
		}
		context.addExecutionHints({
			message: `${NOTHING_CONNECTED}, so this went unseen: ${summary}`,
			type: 'warning',
			location: 'outputPane',
		});
	}
	return outputs;
}
