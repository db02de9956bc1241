/** From what was measured to the rows of the result: what is set against what, and what is to be reached. */
import { summarise } from './statistics.mjs';

/**
 * @typedef {import('./rounds.mjs').Round} Round
 * @typedef {import('./statistics.mjs').Summary} Summary
 */

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {'legacy' | 'vm' | null} engine n8n's expression engine; null where none is involved
 * @property {string} what for people
 * @property {string} unit of `ours` and `theirs`
 * @property {number} ours median over the rounds
 * @property {number} theirs the same for what it is compared with
 * @property {number} ratio `ours` in `theirs`
 * @property {number | null} target for the ratio, or for the difference where the unit says so; null where none was set
 * @property {'at least' | 'at most'} goal which side of the target is good
 * @property {boolean} reached true without a target
 * @property {[number, number]} oursSpread the lowest and highest round
 * @property {[number, number]} theirsSpread
 * @property {[number, number] | null} cpuMs what n8n and its task runners took of the processor for a request, ours and theirs; null where it is not known
 */

/**
 * @param {Omit<Row, 'ours' | 'theirs' | 'ratio' | 'reached' | 'oursSpread' | 'theirsSpread' | 'cpuMs'>} head
 * @param {readonly number[]} ours a value for each round
 * @param {readonly number[]} theirs
 * @param {Row['cpuMs']} [cpuMs]
 * @returns {Row}
 */
export function row(head, ours, theirs, cpuMs = null) {
	const [our, their] = [summarise(ours), summarise(theirs)];
	const ratio = our.median / their.median;
	const judged = head.unit.includes('difference') ? our.median - their.median : ratio;
	const isGood =
		head.goal === 'at least' ? judged >= (head.target ?? 0) : judged <= (head.target ?? Infinity);
	return {
		...head,
		ours: our.median,
		theirs: their.median,
		ratio,
		reached: head.target === null || isGood,
		oursSpread: [our.low, our.high],
		theirsSpread: [their.low, their.high],
		cpuMs,
	};
}

/**
 * What is compared on a running n8n: [row, subject, its opponent, the figure, unit, goal, target on legacy, target on vm, words].
 * @type {[string, string, string, keyof Round, string, Row['goal'], number | null, number | null, string][]}
 */
const COMPARISONS = [
	[
		'grouped',
		'grouped',
		'noCode',
		'eventsPerSecond',
		'events/s',
		'at least',
		8,
		2,
		'signed single events, grouped, and built-in nodes',
	],
	[
		'each',
		'each',
		'noCode',
		'requestsPerSecond',
		'requests/s',
		'at least',
		1.5,
		1.5,
		'signed single events, one execution each, and built-in nodes',
	],
	[
		'each-p99',
		'each',
		'noCode',
		'p99Ms',
		'ms, p99 of the answers',
		'at most',
		0.67,
		0.67,
		'the same, how long the answer takes',
	],
	[
		'bare',
		'each',
		'bare',
		'requestsPerSecond',
		'requests/s',
		'at least',
		0.9,
		null,
		'signed single events, one execution each, and a bare Webhook with no check at all',
	],
	[
		'batches',
		'batches',
		'noCodeBatches',
		'eventsPerSecond',
		'events/s',
		'at least',
		5,
		4,
		'signed batches of 1,000, and built-in nodes',
	],
	[
		'forged',
		'forged',
		'noCodeForged',
		'requestsPerSecond',
		'requests/s',
		'at least',
		7,
		null,
		'forged requests, and built-in nodes',
	],
	[
		'forged-executions',
		'forged',
		'noCodeForged',
		'executions',
		'executions caused',
		'at most',
		0,
		0,
		'forged requests, and built-in nodes',
	],
	[
		'durable-grouped',
		'durableGrouped',
		'grouped',
		'eventsPerSecond',
		'events/s',
		'at least',
		0.5,
		0.5,
		'`durable` on and off: signed single events, grouped',
	],
	[
		'durable-grouped-p99',
		'durableGrouped',
		'grouped',
		'p99Ms',
		'ms, p99 of the answers',
		'at most',
		null,
		null,
		'the same, how long the answer takes',
	],
	[
		'durable-batches',
		'durableBatches',
		'batches',
		'eventsPerSecond',
		'events/s',
		'at least',
		0.9,
		0.9,
		'`durable` on and off: signed batches of 1,000',
	],
	[
		'durable-batches-p99',
		'durableBatches',
		'batches',
		'p99Ms',
		'ms, p99 of the answers',
		'at most',
		null,
		null,
		'the same, how long the answer takes',
	],
];

/**
 * @param {'legacy' | 'vm'} engine
 * @param {Map<string, Round[]>} measured by subject
 * @returns {Row[]} of the subjects that were measured
 */
export function engineRows(engine, measured) {
	return COMPARISONS.flatMap(([id, subject, opponent, figure, unit, goal, onLegacy, onVm, what]) => {
		const [ours, theirs] = [measured.get(subject), measured.get(opponent)];
		if (!ours || !theirs) return [];
		const target = engine === 'legacy' ? onLegacy : onVm;
		const valuesOf = (/** @type {Round[]} */ rounds) => rounds.map((round) => Number(round[figure]));
		const cpuOf = (/** @type {Round[]} */ rounds) => summarise(rounds.map((round) => round.cpuMs)).median;
		return [
			row({ id, engine, what, unit, goal, target }, valuesOf(ours), valuesOf(theirs), [
				cpuOf(ours),
				cpuOf(theirs),
			]),
		];
	});
}

/**
 * @param {'legacy' | 'vm'} engine
 * @param {number} oursBytes
 * @param {number} theirsBytes
 * @returns {Row}
 */
export function memoryRow(engine, oursBytes, theirsBytes) {
	const MEBIBYTE = 1024 * 1024;
	return row(
		{
			id: 'batches-memory',
			engine,
			what: 'the same, the most memory n8n and its task runner held',
			unit: 'MiB',
			goal: 'at most',
			target: 1,
		},
		[oursBytes / MEBIBYTE],
		[theirsBytes / MEBIBYTE],
	);
}

/**
 * @param {import('./core.mjs').CoreCost[][]} rounds
 * @returns {Row[]}
 */
export function coreRows(rounds) {
	const cost = (/** @type {number} */ size, /** @type {'oursUs' | 'floorUs'} */ side) =>
		rounds.map((sizes) => sizes.find(({ events }) => events === size)?.[side] ?? NaN);
	const head = { engine: null, goal: /** @type {const} */ ('at most') };
	const floor = 'and the HMAC of its bytes with JSON.parse';
	return [
		row(
			{
				...head,
				id: 'cpu-1',
				what: `processor time of a single event in our code, ${floor}`,
				unit: 'µs an event (difference)',
				target: 5,
			},
			cost(1, 'oursUs'),
			cost(1, 'floorUs'),
		),
		row(
			{
				...head,
				id: 'cpu-1000',
				what: `processor time of an event in a batch of 1,000 in our code, ${floor}`,
				unit: 'µs an event',
				target: 2,
			},
			cost(1_000, 'oursUs'),
			cost(1_000, 'floorUs'),
		),
		...[10, 1_000, 10_000].map((size) =>
			row(
				{
					...head,
					id: `growth-events-${size}`,
					what: `processor time of an event in a request of ${size.toLocaleString('en')}, and in one of 100`,
					unit: 'µs an event',
					target: size < 100 ? null : 2,
				},
				cost(size, 'oursUs'),
				cost(100, 'oursUs'),
			),
		),
	];
}

/**
 * @param {readonly { operation: string, fewUs: number, manyUs: number }[]} costs of the waiting line with 10 and with 100,000 events in it
 * @returns {Row[]}
 */
export function lineRows(costs) {
	return costs.map(({ operation, fewUs, manyUs }, index) =>
		row(
			{
				id: `growth-waiting-${index + 1}`,
				engine: null,
				what: `the waiting line, "${operation}", with 100,000 events in it, and with 10`,
				unit: 'µs',
				goal: 'at most',
				target: 5,
			},
			[manyUs],
			[fewUs],
		),
	);
}

/**
 * @param {ReturnType<typeof import('./packageCost.mjs').measurePackages>} rounds
 * @returns {Row[]}
 */
export function packageRows(rounds) {
	/** @type {[string, keyof import('./packageCost.mjs').PackageCost, string, number, string][]} */
	const figures = [
		['package-install', 'installMs', 's', 1000, 'installing the package, and n8n-nodes-starter'],
		['package-size', 'unpackedBytes', 'KB', 1000, 'its size on the disk, and that of n8n-nodes-starter'],
		['package-job', 'loadMs', 'ms', 1, 'the time n8n needs to job it, and n8n-nodes-starter'],
	];
	return figures.map(([id, figure, unit, divisor, what]) =>
		row(
			{ id, engine: null, what, unit, goal: 'at most', target: 1.5 },
			rounds.map(({ ours }) => ours[figure] / divisor),
			rounds.map(({ theirs }) => theirs[figure] / divisor),
		),
	);
}
