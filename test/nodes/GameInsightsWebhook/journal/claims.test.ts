import type { FailedOutcome } from '../../../../nodes/GameInsightsWebhook/queue/arrival';
import { Claims } from '../../../../nodes/GameInsightsWebhook/journal/claims';
import { eq } from '../../../../nodes/shared/dataTables/table';
import { NODE } from '../../../support/journalEvents';
import { simulatedTables } from '../../../support/simulatedTables';

const FREE = { workflow_id: NODE.workflowId, node_id: NODE.nodeId, owner: '', claim: '', state: 'waiting' };
const WITHOUT_OWNER = [eq('owner', '')];
const FAILED: FailedOutcome = { kind: 'failed', failure: { executionId: '7', message: 'no', node: null } };

function world() {
	const { database, tables, run } = simulatedTables();
	const { journal } = database;
	const newProcess = (name: string) => {
		const seen = { claimed: [] as unknown[], unsure: 0, failures: [] as string[] };
		const claims = new Claims(name, NODE, tables.journal, {
			claimed: (rows, claim, woken) => void seen.claimed.push([rows.map(({ id }) => id), claim, woken]),
			unsure: () => void seen.unsure++,
			failed: ({ kind }) => void seen.failures.push(kind),
		});
		return { claims, seen };
	};
	return { database, journal, newProcess, run };
}

it('each row that several processes claim goes to one of them', async () => {
	const { journal, newProcess, run } = world();
	journal.insert([FREE, FREE]);
	const [a, b] = [newProcess('a'), newProcess('b')];
	const both = Promise.all([a, b].map(async ({ claims }) => await claims.claim(WITHOUT_OWNER)));
	expect((await run(both)).flat()).toEqual([1, 2]);
	expect([a.seen.claimed, b.seen.claimed]).toEqual([[[[1, 2], 'a/1', null]], [[[], 'b/1', null]]]);
	expect(journal.all).toMatchObject([1, 2].map(() => ({ owner: 'a', claim: 'a/1', state: 'waiting' })));
});

it('rows of other nodes are not claimed', async () => {
	const { journal, newProcess, run } = world();
	journal.insert([{ ...FREE, node_id: 'other' }]);
	expect(await run(newProcess('a').claims.claim(WITHOUT_OWNER))).toEqual([]);
});

it('rows of an execution that had slept and failed run again', async () => {
	const { journal, newProcess, run } = world();
	journal.insert([{ ...FREE, state: 'sleeping' }]);
	const { claims, seen } = newProcess('a');
	await run(claims.claim(WITHOUT_OWNER, FAILED));
	expect(seen.claimed).toEqual([[[1], 'a/1', FAILED]]);
	expect(journal.all).toMatchObject([{ state: 'running' }]);
});

it('a claim whose answer got lost is found again, with what was known of it', async () => {
	const { database, journal, newProcess, run } = world();
	journal.insert([FREE]);
	const { claims, seen } = newProcess('a');
	database.faultOf = (call) => (call === 0 ? 'after' : 'none');
	expect(await run(claims.claim(WITHOUT_OWNER, FAILED))).toBeNull();
	expect([claims.hasLost, seen]).toEqual([true, { claimed: [], unsure: 1, failures: ['unreachable'] }]);
	await run(claims.findLost());
	expect([claims.hasLost, seen.claimed]).toEqual([false, [[[1], 'a/1', FAILED]]]);
});

it('a claim whose answer got lost is searched for until the table answers', async () => {
	const { database, newProcess, run } = world();
	const { claims } = newProcess('a');
	database.faultOf = () => 'before';
	await run(claims.claim(WITHOUT_OWNER));
	await expect(run(claims.findLost())).rejects.toThrow('simulated');
	expect(claims.hasLost).toBe(true);
	database.faultOf = () => 'none';
	await run(claims.findLost());
	expect(claims.hasLost).toBe(false);
});

it('a claim that the table certainly refused is not searched for', async () => {
	const { database, newProcess, run } = world();
	const { claims, seen } = newProcess('a');
	database.isFull = true;
	expect(await run(claims.claim(WITHOUT_OWNER))).toBeNull();
	expect([claims.hasLost, seen.unsure, seen.failures]).toEqual([false, 0, ['full']]);
});
