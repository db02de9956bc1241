/** What is compared, in the order of its rows. */
import { FORGERS_SECRET } from './messages.mjs';
import { demandSameItems } from './sameItems.mjs';

/**
 * @typedef {import('./rounds.mjs').Subject} Subject
 * @typedef {import('./lab.mjs').Lab} Lab
 * @typedef {import('./lab.mjs').Endpoint} Endpoint
 */

/** Events of a batch; the most a request may hold by default. */
export const BATCH = 1000;

/** On a slow machine an execution may take longer to begin than senders usually wait: let them. */
const PATIENT = { acceptTimeout: 60 };

/**
 * 16 senders of batches have 16,000 events under way, and with `durable` they are answered before these run:
 * more than the queue takes by default. Without this, senders would get 429 and have to repeat, which those
 * of the other side never do.
 */
const ROOMY = { ...PATIENT, maxPendingEvents: 200_000 };

/** Events that wait go out together. */
const GROUPED = { ...PATIENT, executionPer: 'group' };

/**
 * @param {Lab} lab
 * @param {(line: string) => void} broken is called with what can't be set up, and is missing from the result
 * @param {{ isSmall?: boolean, batch?: number }} [extent] small: single events alone; batch: events of one,
 * 1,000 by default
 * @returns {Promise<Subject[]>}
 * @throws {import('../../lab/plainError.js').PlainError} when the two ways do not come to the same items
 */
export async function makeSubjects(lab, broken, { isSmall = false, batch = BATCH } = {}) {
	const noCode = await lab.noCode();
	const ours = await lab.gameInsights({ options: ROOMY });
	const oursGrouped = await lab.gameInsights({ options: GROUPED });
	await demandSameItems(lab, [noCode, ours, oursGrouped]);
	const singles = [
		single('grouped', oursGrouped, 'grouped'),
		single('each', ours, 'each'),
		single('noCode', noCode, 'each'),
	];
	if (isSmall) return singles;
	return [
		...singles,
		single('bare', await lab.bareWebhook(), 'each'),
		batches('batches', ours, batch),
		batches('noCodeBatches', noCode, batch),
		{ ...single('forged', ours, 'none'), secret: FORGERS_SECRET, status: 401 },
		{ ...single('noCodeForged', noCode, 'each'), secret: FORGERS_SECRET, outcome: 'error' },
		...(await durableSubjects(lab, batch).catch((error) => {
			broken(`"durable" is not measured: ${error.message}`);
			return [];
		})),
	];
}

/**
 * @param {Lab} lab
 * @param {number} batch
 * @returns {Promise<Subject[]>} `durable` on; where it is off, these are `grouped` and `batches`
 */
async function durableSubjects(lab, batch) {
	const credentials = { gameInsightsN8nApi: await lab.n8nApiCredential() };
	const parameters = { durable: true };
	const singles = await lab.gameInsights({ parameters, credentials, options: GROUPED });
	const patient = await lab.gameInsights({ parameters, credentials, options: ROOMY });
	return [
		single('durableGrouped', singles, 'grouped'),
		{ ...batches('durableBatches', patient, batch), executions: 'grouped' },
	];
}

/**
 * @param {string} id
 * @param {Endpoint} endpoint
 * @param {Subject['executions']} executions
 * @returns {Subject}
 */
function single(id, endpoint, executions) {
	return { id, endpoint, events: 1, status: 200, executions, outcome: 'success' };
}

/**
 * @param {string} id
 * @param {Endpoint} endpoint
 * @param {number} events
 * @returns {Subject}
 */
function batches(id, endpoint, events) {
	return { ...single(id, endpoint, 'each'), events };
}
