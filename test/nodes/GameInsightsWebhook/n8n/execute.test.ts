import {
	type IExecuteFunctions,
	type INodeType,
	type INodeTypes,
	NodeOperationError,
	Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import type { Journals } from '../../../../nodes/GameInsightsWebhook/endpoint/journals';
import { Registry, registryKey } from '../../../../nodes/GameInsightsWebhook/endpoint/registry';
import { ReadAhead } from '../../../../nodes/GameInsightsWebhook/intake/readAhead';
import { payloadOfJob } from '../../../../nodes/GameInsightsWebhook/items/payload';
import { execute } from '../../../../nodes/GameInsightsWebhook/n8n/execute';
import { readSettings } from '../../../../nodes/GameInsightsWebhook/panel/settings';
import type { JobContent } from '../../../../nodes/GameInsightsWebhook/queue/arrival';
import { World } from '../queue/fakeEngine';

const START = 'Webhook';
const EVENTS = 0;
const RETRY = 1;
const DEAD_LETTER = 2;

/** A workflow whose trigger has a node connected to these outputs. */
function workflowWith(connected: readonly number[]): Workflow {
	const node = (name: string) => ({
		...{ id: name, name, type: 'any', typeVersion: 1, parameters: {} },
		position: [0, 0] as [number, number],
	});
	const anyType = { description: { properties: [] } } as unknown as INodeType;
	const main = [EVENTS, RETRY, DEAD_LETTER].map((output) =>
		connected.includes(output) ? [{ node: `Behind ${output}`, type: 'main' as const, index: 0 }] : [],
	);
	return new Workflow({
		id: 'workflow',
		active: true,
		nodes: [node(START), ...connected.map((output) => node(`Behind ${output}`))],
		connections: { [START]: { main } },
		nodeTypes: { getByName: () => anyType, getByNameAndVersion: () => anyType } as unknown as INodeTypes,
	});
}

interface Given {
	/** The JSON of the item that the execution starts with. */
	readonly input: object;
	readonly connected?: readonly number[];
	readonly mode?: WorkflowExecuteMode;
	/** The queue that started the execution, if it is in this process. */
	readonly world?: World;
	/** Whether that queue keeps its events in tables. */
	readonly isDurable?: boolean;
}

/** Runs `execute()`. The context does what that of n8n-core does (`node-execution-context.js`). */
async function run({ input, connected = [0, 1, 2], mode = 'trigger', world, isDurable = false }: Given) {
	const workflow = workflowWith(connected);
	const seen = { responses: [] as unknown[], hints: [] as string[], warnings: [] as string[] };
	const context = {
		getNode: () => workflow.getNode(START),
		getWorkflow: () => ({ id: workflow.id }),
		getInputData: () => [{ json: input }],
		getMode: () => mode,
		getExecutionId: () => '7',
		getInstanceBaseUrl: () => 'http://n8n:5678/',
		getChildNodes: (name: string) => workflow.getChildNodes(name).map((child) => workflow.nodes[child]),
		getConnections: ({ name }: { name: string }) => workflow.connectionsByDestinationNode[name]?.main ?? [],
		sendResponse: async (response: unknown) => void seen.responses.push(response),
		addExecutionHints: ({ message }: { message: string }) => void seen.hints.push(message),
		customData: { setAll: () => undefined },
		logger: { warn: (message: string) => void seen.warnings.push(message) },
	};
	const registry = new Registry(new World().clock);
	if (world !== undefined && !isDurable) registry.opened(registryKey('workflow', START), () => world.queue);
	const journals = { find: () => (isDurable ? world : undefined) } as unknown as Journals;
	const outputs = await execute(
		context as unknown as IExecuteFunctions,
		registry,
		journals,
		new ReadAhead().take,
	);
	return { ...seen, items: outputs.map((items) => items.length), outputs };
}

const payloadOf = (content: JobContent) => payloadOfJob(content, readSettings({}));

/** A queue that has just started an execution with one event, and the payload of that execution. */
function started() {
	const world = new World();
	world.offer();
	const execution = world.theStarted();
	return { world, execution, input: payloadOf(execution.content) };
}

const deadLetters = (count: number) => {
	const world = new World();
	world.offer({ deadLetters: count });
	return { ...payloadOf(world.theStarted().content), job: null };
};

describe('an execution that the queue has started', () => {
	it('tells the queue that it has begun, with its id', async () => {
		const { responses, items } = await run(started());
		expect(items).toEqual([1, 0, 0]);
		expect(responses).toEqual([
			{ body: { gameInsights: 'begun', executionId: '7' }, headers: {}, statusCode: 200 },
		]);
	});

	it('tells so from another process as well, where the queue is not', async () => {
		const { input } = started();
		const { responses, items } = await run({ input });
		expect([responses.length, items]).toEqual([1, [1, 0, 0]]);
	});

	it('outputs nothing when its sender was asked to send again: the event would be processed twice', async () => {
		const { world, input } = started();
		await world.clock.advance(4_000);
		const { responses, items } = await run({ world, input });
		expect([responses, items]).toEqual([[], [0, 0, 0]]);
		expect(world.offer()).toMatchObject({ accepted: 1, duplicates: 0 });
	});
});

describe('an execution of a queue that keeps its events in tables', () => {
	it('outputs its events while the queue waits for its end', async () => {
		expect((await run({ ...started(), isDurable: true })).items).toEqual([1, 0, 0]);
	});

	it('outputs nothing when the queue does not know it: its events are already tried again', async () => {
		const { input } = started();
		const { responses, items } = await run({ world: new World(), input, isDurable: true });
		expect([responses, items]).toEqual([[], [0, 0, 0]]);
	});

	it('outputs its events when a user retries it by hand', async () => {
		const { input } = started();
		expect((await run({ world: new World(), input, isDurable: true, mode: 'retry' })).items).toEqual([
			1, 0, 0,
		]);
	});
});

it('an execution that no request started outputs nothing, and says what to do', async () => {
	const { items, hints, responses } = await run({ input: {} });
	expect([items, responses]).toEqual([[0, 0, 0], []]);
	expect(hints).toEqual([expect.stringContaining('Send one to the webhook URL')]);
});

describe('a second attempt', () => {
	const second = async (connected: number[]) =>
		await run({ input: { ...started().input, attempt: 2 }, connected });

	it('leaves on Retry when a node is connected to it, otherwise on Events', async () => {
		expect((await second([EVENTS, RETRY])).items).toEqual([0, 1, 0]);
		expect((await second([EVENTS, DEAD_LETTER])).items).toEqual([1, 0, 0]);
	});
});

describe('dead letters', () => {
	it('leave on Dead Letter', async () => {
		expect((await run({ input: deadLetters(2) })).items).toEqual([0, 0, 2]);
	});

	it.each([
		[1, /^Event 0 of request-1 has no type\.$/],
		[2, /\(and 1 more dead letter\)$/],
		[3, /\(and 2 more dead letters\)$/],
	])('make the execution fail when nothing is connected that could take %d of them', async (count, words) => {
		const error = await run({ input: deadLetters(count), connected: [EVENTS, RETRY] }).catch(
			(one: unknown) => one,
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect((error as NodeOperationError).message).toMatch(words);
		expect((error as NodeOperationError).description).toContain('Connect a node to it');
	});

	it('beside events that go on are only a hint', async () => {
		const input = { ...started().input, deadLetters: deadLetters(1).deadLetters };
		const { items, hints } = await run({ input, connected: [EVENTS] });
		expect(items).toEqual([1, 0, 1]);
		expect(hints).toEqual([
			expect.stringMatching(/^Nothing is connected to the Dead Letter output, .* no type\.$/),
		]);
	});
});

describe('a notice', () => {
	async function notice() {
		const hourMs = 3_600_000;
		const world = new World({ silenceAlert: { afterMs: hourMs, endpoint: 'orders' } });
		await world.clock.advance(hourMs + 60_000);
		return { ...payloadOf(world.theStarted().content), job: null };
	}

	it('leaves on Dead Letter', async () => {
		const { items, warnings } = await run({ input: await notice() });
		expect([items, warnings]).toEqual([[0, 0, 1], []]);
	});

	it('is a line in the log, and no failure, when nothing is connected to Dead Letter', async () => {
		const { items, warnings } = await run({ input: await notice(), connected: [EVENTS] });
		expect(items).toEqual([0, 0, 0]);
		expect(warnings).toEqual([expect.stringMatching(/^Webhook: Nothing has come /)]);
	});
});
