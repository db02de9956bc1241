/** From what was measured to the rows of the result: what is set against what, and what is to be reached. */
import { BURSTS, COMPARISONS } from './comparisons.mjs';
import { summarise } from './statistics.mjs';

/**
 * @typedef {import('./rounds.mjs').Round} Round
 * @typedef {import('./burst.mjs').Burst} Burst
 * @typedef {import('./burst.mjs').BurstSubject} BurstSubject
 * @typedef {import('./columns.mjs').Column} Column
 */

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {Column | null} column how n8n is set up; null where none is involved
 * @property {string} what for people
 * @property {string} unit of `ours` and `theirs`
 * @property {number} ours median over the rounds
 * @property {number} theirs the same for what it is compared with
 * @property {number} ratio `ours` in `theirs`
 * @property {number | null} target null where none was set
 * @property {'ratio' | 'difference' | 'ours'} judged what the target is for
 * @property {'at least' | 'at most'} goal which side of the target is good
 * @property {boolean} reached true without a target
 * @property {[number, number]} oursSpread the lowest and highest round
 * @property {[number, number]} theirsSpread
 */

/**
 * @param {Pick<Row, 'id' | 'column' | 'what' | 'unit' | 'target' | 'goal'> & { judged?: Row['judged'] }} head
 * @param {readonly number[]} ours a value for each round
 * @param {readonly number[]} theirs
 * @returns {Row}
 */
export function row({ judged = 'ratio', ...head }, ours, theirs) {
	const [our, their] = [summarise(ours), summarise(theirs)];
	const ratio = our.median / their.median;
	const value = { ratio, difference: our.median - their.median, ours: our.median }[judged];
	const isGood = head.goal === 'at least' ? value >= (head.target ?? 0) : value <= (head.target ?? Infinity);
	return {
		...head,
		ours: our.median,
		theirs: their.median,
		ratio,
		judged,
		reached: head.target === null || isGood,
		oursSpread: [our.low, our.high],
		theirsSpread: [their.low, their.high],
	};
}

/**
 * @param {Column} column
 * @param {Map<string, Round[]>} measured by subject
 * @returns {Row[]} of the subjects that were measured
 */
export function n8nRows(column, measured) {
	return COMPARISONS.flatMap(({ id, what, ours, theirs, figure, unit, goal = 'at least', targets }) => {
		const [our, their] = [measured.get(ours), measured.get(theirs)];
		if (!our || !their) return [];
		const valuesOf = (/** @type {Round[]} */ rounds) => rounds.map((round) => Number(round[figure]));
		const head = { id, column, what, unit, goal, target: targets?.[column] ?? null };
		return [row(head, valuesOf(our), valuesOf(their))];
	});
}

/**
 * @param {Column} column
 * @param {Map<BurstSubject, Burst>} bursts by subject
 * @param {{ senders: number, requests: number }} size
 * @returns {Row[]}
 */
export function burstRows(column, bursts, { senders, requests }) {
	return BURSTS.flatMap(({ id, what, ours, theirs, figure, unit, goal, targets }) => {
		const [our, their] = [bursts.get(ours), bursts.get(theirs)];
		if (!our || !their) return [];
		const size = `${senders} senders at once, ${requests.toLocaleString('en')} single events`;
		const head = { id, column, what: what.replace('a burst', size), unit, goal };
		return [row({ ...head, target: targets[column] ?? null }, [figure(our)], [figure(their)])];
	});
}

/**
 * @param {Column} column
 * @param {number} oursBytes
 * @param {number} theirsBytes
 * @returns {Row}
 */
export function memoryRow(column, oursBytes, theirsBytes) {
	const MEBIBYTE = 1024 * 1024;
	return row(
		{
			id: 'batches-memory',
			column,
			what: 'signed batches of 1,000, the most memory n8n and its task runner held',
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
	const head = { column: null, goal: /** @type {const} */ ('at most') };
	const floor = 'and the HMAC of its bytes with JSON.parse';
	return [
		row(
			{
				...head,
				id: 'cpu-1',
				what: `processor time of a single event in our code, ${floor}`,
				unit: 'µs an event',
				judged: 'difference',
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
 * @param {readonly { operation: string, fewUs: number, manyUs: number }[]} costs of the queue with 10 and
 * with 100,000 events in it
 * @returns {Row[]}
 */
export function queueRows(costs) {
	return costs.map(({ operation, fewUs, manyUs }, index) =>
		row(
			{
				id: `growth-waiting-${index + 1}`,
				column: null,
				what: `the queue, "${operation}", with 100,000 events in it, and with 10`,
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
	/**
	 * @type {[string, keyof import('./packageCost.mjs').PackageCost, string, number, Row['judged'], number,
	 * string][]}
	 */
	const figures = [
		[
			'package-install',
			'installMs',
			's',
			1000,
			'ratio',
			1.5,
			'installing the package, and n8n-nodes-starter',
		],
		['package-size', 'unpackedBytes', 'KB', 1000, 'ours', 600, 'its size on the disk, and n8n-nodes-starter'],
		['package-load', 'loadMs', 'ms', 1, 'ratio', 1.5, 'the time n8n needs to load it, and n8n-nodes-starter'],
	];
	return figures.map(([id, figure, unit, divisor, judged, target, what]) =>
		row(
			{ id, column: null, what, unit, goal: 'at most', judged, target },
			rounds.map(({ ours }) => ours[figure] / divisor),
			rounds.map(({ theirs }) => theirs[figure] / divisor),
		),
	);
}
