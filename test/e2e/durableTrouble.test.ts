import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sendNumbered, tally } from '../support/ledger';
import { post, withKey } from '../support/sender';
import { API_KEY, type Endpoint, Instance, until } from './instance';
import { JOURNAL_COLUMNS } from '../../nodes/shared/journal/columns';
import { DurableEndpoints, SCOPES, TableView, accessWith, journalOf } from './journalAccess';

const DAY_S = 86_400;

let instance: Instance;
let endpoints: DurableEndpoints;

beforeAll(async () => {
	instance = await Instance.start('trouble');
	endpoints = await DurableEndpoints.in(instance);
}, 120_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

const send = async (endpoint: Endpoint, body: unknown) =>
	await post(endpoint.url, JSON.stringify(body), withKey(API_KEY));
const eventsSeen = (): any[] =>
	instance.sink.deliveries.filter(({ output }) => output !== 'deadLetter').flatMap(({ items }) => items);
const numbersSeen = (): number[] => eventsSeen().map(({ n }) => n as number);
const logged = (): string => instance.n8n.log.join('\n');
const viewOf = async (name?: string): Promise<TableView> =>
	(await TableView.of(instance.n8n, name)) as TableView;

/** A key of n8n's API, as its dialog makes it. */
const newKey = async (expiresAt: number | null): Promise<{ id: string; rawApiKey: string }> =>
	await instance.n8n.api.call('POST', '/api-keys', {
		label: `${Math.random()}`,
		scopes: [...SCOPES, 'execution:read'],
		expiresAt,
	});
const nowS = (): number => Math.floor(Date.now() / 1_000);

it('rows that somebody edited are set aside one by one, and the 39 others are delivered at once', async () => {
	const endpoint = await endpoints.make({
		options: { executionPer: 'event', maxConcurrentExecutions: 1 },
	});
	let isHanging = true;
	instance.sink.behave = async () => {
		while (isHanging) await pause(50);
		return 200;
	};
	const events = Array.from({ length: 47 }, (_, n) => ({ event_type: 'level', n }));
	expect((await send(endpoint, { events })).status).toBe(200);
	await until('the first execution', () => instance.sink.deliveries.length === 1);
	// What runs ends, all others are given back.
	const unpublished = instance.n8n.api.unpublish(endpoint.workflowId);
	await pause(500);
	isHanging = false;
	await unpublished;
	const first = numbersSeen();
	const view = await viewOf();
	const rows = await endpoints.rowsOf(endpoint);
	expect([first.length, rows.length]).toEqual([1, 46]);

	const edits: object[] = [
		{ history: '{}' },
		{ history: 'null', state: 'retrying' },
		{ payload: String(rows[12]?.payload).slice(0, 12) },
		{ state: 'wating' },
		{ details: '[]' },
		{ done: '0' },
		{ attempt: -1 },
	];
	const edited = edits.map((cells, at) => ({ id: rows[at * 6]?.id ?? 0, cells }));
	for (const { id, cells } of edited) await view.set(id, cells);
	const resumed = rows[20]?.id ?? 0;
	await view.set(resumed, { state: 'redrive' });

	instance.sink.reset();
	await instance.n8n.api.publish(endpoint.workflowId);
	const publishedAtMs = Date.now();
	await until(
		() => `39 events, not ${numbersSeen().length}`,
		() => numbersSeen().length === 39,
	);
	// From here on one after the other; a look at the table that fails as a whole is made up for after 30 s.
	expect((instance.sink.deliveries[0]?.atMs ?? Infinity) - publishedAtMs).toBeLessThan(10_000);
	await until('the rows to be dead', async () =>
		(await endpoints.rowsOf(endpoint)).every(({ state }) => state === 'dead'),
	);
	const left = await endpoints.rowsOf(endpoint);
	expect(left.map(({ id }) => id)).toEqual(edited.map(({ id }) => id));
	for (const row of left) expect(row.last_error).toContain("can't be read");
	for (const { id } of edited) expect(logged()).toContain(`Row ${id} of the journal was set to dead`);
	expect(logged()).toContain(`Row ${resumed} of the journal was set to redrive`);
	expect(logged()).not.toContain('unhandled');

	// Corrected, they go on.
	const cut = edited[2]?.id ?? 0;
	await view.set(cut, { payload: String(rows[12]?.payload), state: 'redrive' });
	await view.set(edited[0]?.id ?? 0, { state: 'redrive' });
	await until('both', () => numbersSeen().length === 41);
	expect(new Set([...first, ...numbersSeen()]).size).toBe(42);
	await instance.n8n.api.unpublish(endpoint.workflowId);
}, 120_000);

it('a key that is replaced under load counts without publishing, and no event is lost', async () => {
	const old = await newKey(null);
	const access = await accessWith(instance.n8n, old.rawApiKey);
	const { id: credentialId } = (access as { gameInsightsN8nApi: { id: string } }).gameInsightsN8nApi;
	const endpoint = await endpoints.make({ initialDelay: 200 }, access);
	let isOver = false;
	const sending = sendNumbered({
		...{ url: endpoint.url, headers: withKey(API_KEY), connections: 4, insists: true, pauseMs: 20 },
		goesOn: () => !isOver,
	});
	await pause(2_000);
	const next = await newKey(nowS() + 5 * DAY_S);
	await instance.n8n.api.call('DELETE', `/api-keys/${old.id}`);
	await pause(1_500);
	await instance.n8n.api.call('PATCH', `/credentials/${credentialId}`, {
		name: 'n8n, new key',
		type: 'gameInsightsN8nApi',
		data: { baseUrl: instance.n8n.baseUrl, apiKey: next.rawApiKey },
	});
	const replacedAtMs = Date.now();
	const probe = async () => (await send(endpoint, { event_type: 'probe', n: -1 })).status === 200;
	await until('an answer with 200', probe, 15_000);
	const tookMs = Date.now() - replacedAtMs;
	await pause(2_000);
	isOver = true;
	const { sent, accepted, otherAnswers } = await sending;
	await endpoints.untilNoRows(endpoint, 60_000);
	const became = await tally(accepted, instance.sink, instance.n8n.api, endpoint.workflowId);
	process.stderr.write(
		`The key replaced: taken again after ${tookMs} ms; ${JSON.stringify({ sent, otherAnswers, ...became })}\n`,
	);
	expect(accepted).toHaveLength(sent);
	expect(became).toMatchObject({ visible: {}, lost: [], deadLettered: 0 });
	expect(Object.keys(otherAnswers).filter((status) => status !== '503')).toEqual([]);
	expect(tookMs).toBeLessThan(10_000);
	expect(logged()).not.toContain('could not be read again');
	await instance.n8n.api.unpublish(endpoint.workflowId);
}, 120_000);

it('the day on which a key ends is told by the test of the credential, and on Dead Letter a week before', async () => {
	const expiresAt = nowS() + 6 * DAY_S;
	const { rawApiKey } = await newKey(expiresAt);
	const day = new Date(expiresAt * 1_000).toISOString().slice(0, 10);
	const { baseUrl } = instance.n8n;
	expect(await instance.testOf('gameInsightsN8nApi', { baseUrl, apiKey: rawApiKey })).toEqual({
		status: 'OK',
		message: `n8n can keep events in its Data Tables. The API key expires on ${day}, in 5 days`,
	});
	const endpoint = await endpoints.make({}, await accessWith(instance.n8n, rawApiKey));
	const notices = () => instance.sink.from('deadLetter').flatMap(({ items }) => items);
	await until('the notice', () => notices().length === 1);
	expect(notices()[0]).toMatchObject({ stage: 'notice', reason: 'key_expiring', event: null });
	expect(notices()[0].summary).toContain(`expires on ${day}, in 5 days`);
	await instance.n8n.api.unpublish(endpoint.workflowId);
	await instance.n8n.api.publish(endpoint.workflowId);
	await pause(3_000);
	expect(notices()).toHaveLength(1);
	await instance.n8n.api.unpublish(endpoint.workflowId);
}, 60_000);

it('a table that was deleted, renamed, or has lost a column: events go on without publishing', async () => {
	const journalTable = 'changed_journal';
	const endpoint = await endpoints.make({ options: { journalTable } });
	const rows = async () => (await TableView.of(instance.n8n, journalTable))?.rows();
	const goesOn = async (n: number): Promise<void> => {
		await until(
			'an answer with 200',
			async () => (await send(endpoint, { event_type: 'a', n })).status === 200,
		);
		await until(`event ${n}`, () => numbersSeen().includes(n));
		await until('no rows', async () => (await rows())?.length === 0);
	};
	await goesOn(1);
	await (await viewOf(journalTable)).deleteColumn('event_type');
	await goesOn(2);
	await until('the log to say so', () => logged().includes('lacks these columns: event_type (string)'));
	await (await viewOf(journalTable)).deleteTable();
	await goesOn(3);
	expect(logged()).toContain(`"${journalTable}" was deleted`);
	await (await viewOf(journalTable)).rename('archive');
	expect((await send(endpoint, { event_type: 'a', n: 4 })).status).toBe(200);
	await until('event 4', () => numbersSeen().includes(4));
	await (await viewOf('archive')).rename(journalTable);
	await (await viewOf(`${journalTable}_processes`)).deleteTable();
	await goesOn(5);
	expect(logged()).not.toContain('unhandled');
	await instance.n8n.api.unpublish(endpoint.workflowId);
}, 120_000);

it('a table of an earlier version: its dead letters move into their own table, and can be sent again', async () => {
	const journalTable = 'older_journal';
	const lettersTable = `${journalTable}_dead_letters`;
	const endpoint = await endpoints.make({ retry: false, options: { journalTable } });
	instance.sink.behave = ({ output }) => (output === 'deadLetter' ? 200 : 500);
	const numbers = Array.from({ length: 130 }, (_, n) => n);
	await send(endpoint, { events: numbers.map((n) => ({ event_type: 'level', n })) });
	const letters = async () => await journalOf(instance.n8n, lettersTable);
	await until('the dead letters', async () => (await letters()).length === numbers.length);
	await until('no rows', async () => (await journalOf(instance.n8n, journalTable)).length === 0);
	await instance.n8n.api.unpublish(endpoint.workflowId);

	// It had no table for dead letters, and no column `expires`.
	const rows = (await letters()).map(({ id, createdAt, updatedAt, reason, at_ms, ...row }) => {
		void [id, createdAt, updatedAt, reason, at_ms];
		return { ...row, owner: '', claim: '', place: 0, events: 1 };
	});
	await (await viewOf(lettersTable)).deleteTable();
	await (await viewOf(journalTable)).deleteTable();
	const columns = Object.entries(JOURNAL_COLUMNS).map(([name, type]) => ({ name, type }));
	const ofOlder = columns.filter(({ name }) => name !== 'expires');
	await (await TableView.make(instance.n8n, journalTable, ofOlder)).insert(rows);

	instance.sink.reset();
	await instance.n8n.api.publish(endpoint.workflowId);
	await send(endpoint, { event_type: 'new', n: 1_000 });
	await until('the dead letters in their own table', async () => (await letters()).length === numbers.length);
	await until('no rows', async () =>
		(await journalOf(instance.n8n, journalTable)).every(({ state }) => state === 'processed'),
	);
	const found = (await letters()).map(({ payload }) => JSON.parse(payload as string).n as number);
	expect(found.sort((one, other) => one - other)).toEqual(numbers);
	expect(instance.sink.from('deadLetter')).toEqual([]);
	expect(numbersSeen()).toEqual([1_000]);

	await (await viewOf(lettersTable)).set((await letters())[7]?.id ?? 0, { state: 'redrive' });
	await until('the one that was sent again', () => numbersSeen().length === 2);
	await until('one dead letter less', async () => (await letters()).length === numbers.length - 1);
	expect(logged()).not.toContain('unhandled');
	await instance.n8n.api.unpublish(endpoint.workflowId);
}, 120_000);

it('what can never be stored is answered 413, and what is as large but can be packed is taken', async () => {
	const endpoint = await endpoints.make();
	const ofEvent = (text: string): string => JSON.stringify({ event_type: 'large', text });
	// Every letter of ASCII that JSON writes as it is: packed and in base64 it becomes longer.
	const letters = [...Array(95).keys()]
		.map((at) => String.fromCharCode(32 + at))
		.filter((one) => !/["\\]/.test(one));
	const noise = Array.from(randomBytes(15 * 1024 * 1024), (byte) => letters[byte % letters.length]).join('');
	const refused = await post(endpoint.url, ofEvent(noise), withKey(API_KEY));
	expect([refused.status, refused.headers['retry-after']]).toEqual([413, undefined]);
	const malformed = await post(endpoint.url, `{"event_type": "${noise}`, withKey(API_KEY));
	expect([malformed.status, malformed.headers['retry-after']]).toEqual([413, undefined]);
	const packable = ofEvent('so alike '.repeat(1_500_000));
	expect((await post(endpoint.url, packable, withKey(API_KEY))).status).toBe(200);
	await endpoints.untilNoRows(endpoint);
	await instance.n8n.api.unpublish(endpoint.workflowId);
}, 120_000);
