/**
 * Runs a workflow in this process with n8n's execution engine, without the rest of n8n. For Node.js 22 or
 * later, see `test:engine`.
 */
const { createRequire } = require('node:module');

// Without types, so that the project type-checks before n8n is installed.
const load = createRequire(__filename);
const { WorkflowExecute, ExecutionLifecycleHooks } = load('n8n-core');
const { Workflow, createRunExecutionData } = load('n8n-workflow');
const { Container } = load('@n8n/di');
const { Logger } = load('@n8n/backend-common');

/**
 * n8n's own nodes that really run here, by the end of their type. Other nodes of a workflow only pass on
 * their input.
 */
const REAL_NODES = {
	filter: ['Filter/Filter', 'Filter'],
	if: ['If/If', 'If'],
	set: ['Set/Set', 'Set'],
	summarize: ['Transform/Summarize/Summarize', 'Summarize'],
};

/**
 * @typedef {object} EngineRun
 * @property {any} nodeType an instance of the node class that starts the workflow
 * @property {object} input the JSON of the one item it is given
 * @property {Record<string, any>} [parameters] its parameters
 * @property {number[]} [connected] which of its outputs have a node connected; all three by default
 * @property {'v0' | 'v1'} [executionOrder] `v1` by default
 * @property {'trigger' | 'webhook' | 'manual'} [mode] `trigger` by default
 * @property {object} [nodeSettings] of the start node, such as `retryOnFail`; none by default
 */

/**
 * @typedef {object} EngineResult
 * @property {string} status of the execution
 * @property {any} error of the execution, undefined when there is none
 * @property {any[][]} outputs the items of the start node's outputs; empty when it failed
 * @property {any[]} hints that the start node added for the editor
 * @property {string[]} ran the nodes that ran
 * @property {Record<string, string>} highlights the highlighted data that n8n keeps of the execution
 * @property {any[][]} behind the output of the nodes that are connected to its outputs
 * @property {any[]} responses that were sent while it ran
 * @property {any[]} logged the warnings in n8n's log: level, message and data
 */

const START = 'Start';

/**
 * @param {any} workflow
 * @param {string} startName
 * @param {object} input the JSON of the one item its start node is given
 * @param {string} mode
 */
async function runFrom(workflow, startName, input, mode) {
	/** @type {any[]} */
	const responses = [];
	const hooks = new ExecutionLifecycleHooks(mode, '7', { id: 'workflow' });
	hooks.addHandler('sendResponse', (/** @type {any} */ response) => responses.push(response));
	const additionalData = {
		hooks,
		executionId: '7',
		instanceBaseUrl: 'http://127.0.0.1:5678/',
		webhookWaitingBaseUrl: 'http://127.0.0.1:5678/webhook-waiting',
		formWaitingBaseUrl: 'http://127.0.0.1:5678/form-waiting',
		variables: {},
		setExecutionStatus() {},
		currentNodeParameters: {},
	};
	const start = { node: workflow.getNode(startName), data: { main: [[{ json: input }]] }, source: null };
	const data = createRunExecutionData({ executionData: { nodeExecutionStack: [start] } });
	const run = await new WorkflowExecute(additionalData, mode, data).processRunExecutionData(workflow);
	return { run, responses };
}

/** The node that is connected to an output. It passes on its input. */
const passThrough = {
	description: {
		name: 'passThrough',
		group: [],
		version: 1,
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
	},
	/** @this {any} */
	async execute() {
		return [this.getInputData()];
	},
};

/** The parameter with the message, by the end of the type of a node that sends to a chat. */
const MESSAGES = { discord: 'content', slack: 'text' };

/**
 * Replaces a node that sends a message to a chat: it outputs the message that n8n evaluates.
 * @param {string} parameter
 */
const chatNode = (parameter) => ({
	description: {
		...passThrough.description,
		name: 'chat',
		properties: [{ displayName: 'Message', name: parameter, type: 'string', default: '' }],
	},
	/** @this {any} */
	async execute() {
		const items = this.getInputData();
		return [
			items.map((/** @type {any} */ _, /** @type {number} */ at) => ({
				json: { text: this.getNodeParameter(parameter, at) },
			})),
		];
	},
});

/**
 * Runs one execution of a workflow that starts with a node.
 * @param {EngineRun} run
 * @returns {Promise<EngineResult>}
 */
async function runInEngine({ nodeType, input, parameters = {}, connected = [0, 1, 2], ...how }) {
	const { executionOrder = 'v1', mode = 'trigger', nodeSettings = {} } = how;
	const behind = connected.map((output) => `Behind ${output}`);
	const node = (/** @type {string} */ name, /** @type {string} */ type) => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: type === 'start' ? parameters : {},
		...(type === 'start' ? nodeSettings : {}),
	});
	const typeOf = (/** @type {string} */ type) => (type === 'start' ? nodeType : passThrough);
	const workflow = new Workflow({
		id: 'workflow',
		active: false,
		settings: { executionOrder },
		nodes: [node(START, 'start'), ...behind.map((name) => node(name, 'passThrough'))],
		connections: {
			[START]: {
				main: [0, 1, 2].map((output) =>
					connected.includes(output) ? [{ node: `Behind ${output}`, type: 'main', index: 0 }] : [],
				),
			},
		},
		nodeTypes: { getByName: typeOf, getByNameAndVersion: typeOf, getKnownTypes: () => ({}) },
	});

	/** @type {any[]} */
	const logged = [];
	const logger = Container.get(Logger);
	const { warn } = logger;
	logger.warn = (/** @type {any[]} */ ...line) => logged.push(['warn', ...line]);
	const { run, responses } = await runFrom(workflow, START, input, mode).finally(() => {
		logger.warn = warn;
	});

	const { runData, error, metadata = {} } = run.data.resultData;
	const [own] = runData[START] ?? [];
	return {
		status: run.status,
		error,
		outputs: (own?.data?.main ?? []).map((/** @type {any[]} */ items) => items ?? []),
		hints: own?.hints ?? [],
		highlights: metadata,
		ran: Object.keys(runData),
		behind: connected.map((output) => runData[`Behind ${output}`]?.[0]?.data?.main?.[0] ?? []),
		responses,
		logged,
	};
}

/**
 * Runs an imported workflow from its trigger node on. Nodes that send to a chat output their message. Other
 * nodes that call external services pass on their input.
 * @param {any} json the workflow
 * @param {{ name: string, nodeType: any, input: object }} trigger
 * @returns {Promise<{ status: string, error: any, items: (name: string) => any[] }>} `items`: the JSON of
 * a node's items on its first output; empty when it did not run
 */
async function runWorkflowInEngine(json, { name, nodeType, input }) {
	const typeOf = (/** @type {string} */ type) => {
		if (type === nodeNamed(json, name).type) return nodeType;
		const kind = type.split('.')[1] ?? '';
		const message = MESSAGES[/** @type {keyof MESSAGES} */ (kind)];
		if (message !== undefined) return chatNode(message);
		const [file, exported] = REAL_NODES[/** @type {keyof REAL_NODES} */ (kind)] ?? [];
		return exported === undefined
			? passThrough
			: new (load(`n8n-nodes-base/dist/nodes/${file}.node.js`)[exported])();
	};
	const versioned = (/** @type {string} */ type, /** @type {number} */ version) => {
		const found = typeOf(type);
		return found.getNodeType === undefined ? found : found.getNodeType(version);
	};
	const workflow = new Workflow({
		id: 'workflow',
		active: false,
		...json,
		nodeTypes: { getByName: typeOf, getByNameAndVersion: versioned, getKnownTypes: () => ({}) },
	});
	const { run } = await runFrom(workflow, name, input, 'trigger');
	const { runData, error } = run.data.resultData;
	const items = (/** @type {string} */ node) =>
		(runData[node] ?? []).flatMap((/** @type {any} */ ran) => ran.data?.main?.[0] ?? []);
	return {
		status: run.status,
		error,
		items: (node) => items(node).map((/** @type {any} */ item) => item.json),
	};
}

const nodeNamed = (/** @type {any} */ { nodes }, /** @type {string} */ name) =>
	nodes.find((/** @type {any} */ node) => node.name === name);

module.exports = { runInEngine, runWorkflowInEngine };
