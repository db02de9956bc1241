/**
 * From a new clone to game events in a real n8n: installs what is missing, builds and packs the package,
 * starts n8n with it, sends a signed game session and shows the items of each output. n8n then keeps running.
 * With `--once` it is stopped, and the exit code shows whether all numbers are right.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { outputOf } from '../lab/api.js';
import { owner } from '../lab/owner.js';
import { root } from '../lab/paths.js';
import { PlainError } from '../lab/plainError.js';
import { demandFree } from '../lab/ports.js';
import { prepare, startN8n } from '../lab/realN8n.js';
import { ensureDependencies } from './dependencies.mjs';
import { gameSession } from './gameSession.mjs';
import { table } from './table.mjs';

const usage = `npm start                    start n8n with the package, send a game session, keep n8n running
npm start -- --once          the same, then stop n8n; exit code 0 only if everything arrived where it should
npm start -- --port 5688     another port than 5678`;

const TRIGGER = 'Game Insights Webhook';
const OUTPUT = { events: 0, retry: 1, deadLetter: 2 };

/** @type {import('../lab/realN8n.js').RealN8n | null} */
let n8n = null;

// When this process ends for any reason, n8n ends with it (see realN8n.js). Its temporary folder is deleted
// if there is time.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
	process.on(signal, async () => {
		if (n8n?.pid) {
			console.log('\nStopping n8n ...');
			await n8n.remove();
			process.exit(0);
		}
		process.exit(130);
	});
}

try {
	await main(options());
} catch (error) {
	await throwAway();
	const { code, path: program } = /** @type {NodeJS.ErrnoException} */ (error);
	if (error instanceof PlainError) console.error(`\n${error.message}`);
	else if (code === 'ENOENT' && program)
		console.error(`\n"${program}" is not on this machine. Install it, then start again.`);
	else console.error(error);
	process.exit(1);
}

async function throwAway() {
	await n8n?.remove();
}

function options() {
	try {
		const { values } = parseArgs({
			options: {
				once: { type: 'boolean', default: false },
				port: { type: 'string', default: '5678' },
				help: { type: 'boolean', default: false },
			},
		});
		const port = Number(values.port);
		if (!Number.isInteger(port) || port < 1 || port > 65_535)
			throw new Error(`"${values.port}" is not a port.`);
		return { once: values.once, port, help: values.help };
	} catch (error) {
		console.error(`${/** @type {Error} */ (error).message}\n\n${usage}`);
		process.exit(1);
	}
}

/** @param {{ once: boolean, port: number, help: boolean }} options */
async function main({ once, port, help }) {
	if (help) return console.log(usage);
	await demandFree(port);
	await ensureDependencies(console.log);
	await prepare(console.log);

	console.log('Starting n8n in a fresh folder, with the packed package installed ...');
	n8n = await startN8n({ label: 'start', port });
	const secretKey = randomBytes(32).toString('hex');
	const workflow = await importQuickStart(n8n.api, secretKey);

	console.log('Sending a game session ...\n');
	const session = gameSession(secretKey);
	const answers = await send(n8n.webhookUrl(`${workflow.webhookId}/events`), session.shipments);
	const trouble = [...showAnswers(answers), ...(await showOutcome(n8n.api, workflow.id, session))];
	if (trouble.length > 0)
		throw new PlainError(`Not as it should be:\n${trouble.map((line) => `  ${line}`).join('\n')}`);

	if (once) {
		const stopped = await n8n.stop();
		await n8n.remove();
		if (!stopped) throw new PlainError('n8n did not stop by itself.');
		console.log('\nEverything arrived where it should. n8n is stopped.');
		return;
	}
	console.log(`
Look around:   ${n8n.baseUrl}/workflow/${workflow.id}
Executions:    ${n8n.baseUrl}/workflow/${workflow.id}/executions
Sign in with:  ${owner.email}  /  ${owner.password}

This n8n is for trying things out: Ctrl-C stops it and throws it away.`);
}

/**
 * @param {import('../lab/api.js').N8nApi} api
 * @param {string} secretKey
 */
async function importQuickStart(api, secretKey) {
	const workflow = JSON.parse(readFileSync(path.join(root, 'examples', 'quick-start.json'), 'utf8'));
	const trigger = workflow.nodes.find((/** @type {{ name: string }} */ node) => node.name === TRIGGER);
	const { name } = trigger.credentials.gameInsightsHmacApi;
	trigger.credentials.gameInsightsHmacApi = await api.createCredential({
		name,
		type: 'gameInsightsHmacApi',
		data: { scheme: 'gameInsights', secretKey, hmacAlgorithm: 'sha256' },
	});
	// Like n8n's editor: an example contains no webhook address, so that nobody can guess one.
	trigger.webhookId = randomUUID();
	const { id } = await api.createWorkflow(workflow);
	await api.publish(id);
	return { id, webhookId: trigger.webhookId };
}

/**
 * @typedef {import('./gameSession.mjs').Shipment} Shipment
 * @typedef {{ shipment: Shipment, status: number, answer: any }} Answered
 */

/**
 * @param {string} url
 * @param {Shipment[]} shipments
 * @returns {Promise<Answered[]>}
 */
async function send(url, shipments) {
	const answers = [];
	for (const shipment of shipments) {
		const response = await fetch(url, { method: 'POST', headers: shipment.headers, body: shipment.body });
		const text = await response.text();
		try {
			answers.push({ shipment, status: response.status, answer: JSON.parse(text) });
		} catch {
			throw new PlainError(`The webhook answered ${response.status} with something else than JSON: ${text}`);
		}
	}
	return answers;
}

/**
 * Prints the answers that the sender got, by kind of request.
 * @param {Answered[]} answers
 * @returns {string[]} values that are not as expected
 */
function showAnswers(answers) {
	/** @type {Map<string, number[]>} */
	const rows = new Map();
	const trouble = [];
	for (const { shipment, status, answer } of answers) {
		const { kind, events, bad, forged } = shipment;
		const row = rows.get(kind) ?? [0, 0, 0, 0, 0];
		rows.set(kind, row);
		const refused = status === 200 ? 0 : 1;
		const got = [1, events, answer.accepted ?? 0, answer.dead_lettered ?? 0, refused];
		got.forEach((number, column) => (row[column] += number));

		const wanted = forged ? [401, 0, 0] : [200, events - bad, bad];
		if ([status, got[2], got[3]].join() !== wanted.join()) {
			trouble.push(
				`${kind}: expected ${wanted}, answered ${[status, got[2], got[3]]}: ${JSON.stringify(answer)}`,
			);
		}
	}
	const total = [...rows.values()].reduce((sum, row) => sum.map((number, column) => number + row[column]));
	console.log(
		table(
			['', 'requests', 'events sent', 'accepted', 'dead-lettered', 'requests refused'],
			[...[...rows].map(([kind, row]) => [kind, ...row]), ['together', ...total]],
		),
	);
	return trouble;
}

/**
 * Reads the executions from n8n and prints the items of each output.
 * @param {import('../lab/api.js').N8nApi} api
 * @param {string} workflowId
 * @param {ReturnType<typeof gameSession>} session
 * @returns {Promise<string[]>} values that are not as expected
 */
async function showOutcome(api, workflowId, { shipments, revenueByItem }) {
	const taken = shipments.filter(({ forged }) => !forged);
	const withBad = taken.filter(({ bad }) => bad > 0);
	const sum = (/** @type {number[]} */ numbers) => numbers.reduce((a, b) => a + b, 0);
	const bad = sum(taken.map((shipment) => shipment.bad));
	const wanted = {
		// Valid events and dead letters of a request are in separate executions, so that neither delays the
		// other.
		executions: taken.length + withBad.length,
		failed: 0,
		events: sum(taken.map(({ events }) => events)) - bad,
		retry: 0,
		deadLetter: bad,
		alerts: bad,
	};

	const executions = await api.finishedExecutions(workflowId, wanted.executions);
	const from = (/** @type {string} */ node, /** @type {number} */ output) =>
		executions.flatMap((execution) => outputOf(execution, node, output));
	const revenue = new Map();
	for (const row of from('Revenue by Item', 0)) {
		const cents = Math.round(row.sum_properties_amount * 100);
		revenue.set(row.properties_item, (revenue.get(row.properties_item) ?? 0) + cents);
	}
	const alerts = from('Alert', 0);
	const found = {
		executions: executions.length,
		failed: executions.filter(({ status }) => status !== 'success').length,
		events: from(TRIGGER, OUTPUT.events).length,
		retry: from(TRIGGER, OUTPUT.retry).length,
		deadLetter: from(TRIGGER, OUTPUT.deadLetter).length,
		alerts: alerts.length,
	};

	const dollars = (/** @type {number} */ cents) => (cents / 100).toFixed(2);
	console.log('\nRead back from n8n:\n');
	console.log(
		table(
			['', ''],
			[
				['executions', found.executions],
				['  of them failed', found.failed],
				['items on Events', found.events],
				['items on Retry', found.retry],
				['items on Dead Letter', found.deadLetter],
				...[...revenue].sort().map(([item, cents]) => [`revenue, ${item}`, dollars(cents)]),
			],
		),
	);
	console.log(`\nWhat the alerts say:\n${alerts.map(({ text }) => `  ${text}`).join('\n')}`);

	const items = new Set([...revenueByItem.keys(), ...revenue.keys()]);
	return [
		...Object.entries(wanted).map(([what, number]) => [
			what,
			number,
			found[/** @type {keyof typeof found} */ (what)],
		]),
		...[...items].map((item) => [`revenue, ${item}`, revenueByItem.get(item) ?? 0, revenue.get(item) ?? 0]),
	].flatMap(([what, number, actual]) =>
		actual === number ? [] : [`${what}: expected ${number}, n8n has ${actual}`],
	);
}
