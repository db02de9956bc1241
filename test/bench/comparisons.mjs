/**
 * What is set against what on a running n8n, and how good it is to be: the targets are for who works on the
 * package, see CONTRIBUTING.md.
 */

/** @typedef {import('./rounds.mjs').Round} Round */
/** @typedef {import('./columns.mjs').Column} Column */

/**
 * @typedef {object} Comparison
 * @property {string} id of the row
 * @property {string} what for people
 * @property {string} ours id of the subject
 * @property {string} theirs id of what it is compared with
 * @property {keyof Round} figure
 * @property {string} unit
 * @property {'at least' | 'at most'} [goal] `at least` by default
 * @property {Partial<Record<Column, number>>} [targets] for the ratio
 */

const [EVENTS, REQUESTS, P99] = ['events/s', 'requests/s', 'ms, p99 of the answers'];

/** @type {Comparison[]} */
export const COMPARISONS = [
	{
		...{ id: 'grouped', what: 'signed single events, grouped, and built-in nodes' },
		...{ ours: 'grouped', theirs: 'noCode', figure: 'eventsPerSecond', unit: EVENTS },
		targets: { vm: 1.2, switches: 12 },
	},
	{
		...{ id: 'each', what: 'signed single events, one execution each, and built-in nodes' },
		...{ ours: 'each', theirs: 'noCode', figure: 'requestsPerSecond', unit: REQUESTS },
		targets: { vm: 0.65, switches: 4 },
	},
	{
		...{ id: 'each-p99', what: 'the same, how long the answer takes', goal: 'at most' },
		...{ ours: 'each', theirs: 'noCode', figure: 'p99Ms', unit: P99 },
	},
	{
		id: 'bare',
		what: 'signed single events, one execution each, and a bare Webhook with no check at all',
		...{ ours: 'each', theirs: 'bare', figure: 'requestsPerSecond', unit: REQUESTS },
		targets: { switches: 0.9 },
	},
	{
		...{ id: 'batches', what: 'signed batches of 1,000, and built-in nodes' },
		...{ ours: 'batches', theirs: 'noCodeBatches', figure: 'eventsPerSecond', unit: EVENTS },
		targets: { vm: 4.5, switches: 10 },
	},
	...cpu('grouped', 'grouped', 'noCode', 'signed single events, grouped, and built-in nodes'),
	...cpu('each', 'each', 'noCode', 'signed single events, one execution each, and built-in nodes'),
	...cpu('batches', 'batches', 'noCodeBatches', 'signed batches of 1,000, and built-in nodes'),
	{
		...{ id: 'forged', what: 'forged requests, and built-in nodes' },
		...{ ours: 'forged', theirs: 'noCodeForged', figure: 'requestsPerSecond', unit: REQUESTS },
		targets: { vm: 1.4, switches: 18 },
	},
	{
		...{ id: 'forged-executions', what: 'forged requests, and built-in nodes', goal: 'at most' },
		...{ ours: 'forged', theirs: 'noCodeForged', figure: 'executions', unit: 'executions caused' },
		targets: { vm: 0, switches: 0 },
	},
	{
		...{ id: 'durable-grouped', what: '*Durable* on and off: signed single events, grouped' },
		...{ ours: 'durableGrouped', theirs: 'grouped', figure: 'eventsPerSecond', unit: EVENTS },
		targets: { vm: 0.9, switches: 0.65 },
	},
	{
		...{ id: 'durable-grouped-p99', what: 'the same, how long the answer takes', goal: 'at most' },
		...{ ours: 'durableGrouped', theirs: 'grouped', figure: 'p99Ms', unit: P99 },
	},
	{
		...{ id: 'durable-batches', what: '*Durable* on and off: signed batches of 1,000' },
		...{ ours: 'durableBatches', theirs: 'batches', figure: 'eventsPerSecond', unit: EVENTS },
		targets: { vm: 0.9, switches: 0.92 },
	},
	{
		...{ id: 'durable-batches-p99', what: 'the same, how long the answer takes', goal: 'at most' },
		...{ ours: 'durableBatches', theirs: 'batches', figure: 'p99Ms', unit: P99 },
	},
];

/**
 * How much comes of a second of processor time: hardly depends on what else the machine does.
 * @param {string} id
 * @param {string} ours
 * @param {string} theirs
 * @param {string} what
 * @returns {Comparison[]}
 */
function cpu(id, ours, theirs, what) {
	const unit = 'events a second of CPU';
	return [{ id: `${id}-cpu`, what, ours, theirs, figure: 'eventsPerCpuSecond', unit }];
}

/**
 * Many senders at once, everything as users get it but *Events Per Execution*.
 * @type {{
 *   id: string, what: string, unit: string,
 *   ours: import('./burst.mjs').BurstSubject, theirs: import('./burst.mjs').BurstSubject,
 *   figure: (burst: import('./burst.mjs').Burst) => number,
 *   goal: 'at least' | 'at most', targets: Partial<Record<Column, number>>
 * }[]}
 */
export const BURSTS = [
	{
		...{ id: 'burst-answered', what: 'a burst, grouped, and built-in nodes', unit: 'answered with 200' },
		...{ ours: 'grouped', theirs: 'noCode', figure: ({ answered }) => answered },
		...{ goal: 'at least', targets: {} },
	},
	{
		...{ id: 'burst-refused', what: 'the same', unit: 'refused with 429' },
		...{ ours: 'grouped', theirs: 'noCode', figure: ({ refused }) => refused },
		...{ goal: 'at most', targets: {} },
	},
	{
		...{ id: 'burst-seconds', what: 'the same, until the last execution ended', unit: 's' },
		...{ ours: 'grouped', theirs: 'noCode', figure: ({ seconds }) => seconds },
		...{ goal: 'at most', targets: { vm: 1, switches: 1 / 15 } },
	},
	{
		...{ id: 'burst-memory', what: 'the same, the most memory n8n held', unit: 'MiB' },
		...{ ours: 'grouped', theirs: 'noCode', figure: ({ peakBytes }) => peakBytes / 1024 ** 2 },
		...{ goal: 'at most', targets: { vm: 1, switches: 1 / 4 } },
	},
	{
		id: 'burst-bare-grouped',
		what: 'a burst, grouped, and a bare Webhook with no check at all',
		...{ unit: '200s a second', ours: 'grouped', theirs: 'bare' },
		...{ figure: answeredPerSecond, goal: 'at least', targets: { vm: 1, switches: 1 } },
	},
	{
		id: 'burst-bare-each',
		what: 'a burst, one execution each, and a bare Webhook with no check at all',
		...{ unit: '200s a second', ours: 'each', theirs: 'bare' },
		...{ figure: answeredPerSecond, goal: 'at least', targets: { vm: 0.6, switches: 0.6 } },
	},
];

/** @param {import('./burst.mjs').Burst} burst */
function answeredPerSecond({ answered, answeredSeconds }) {
	return answered / answeredSeconds;
}
