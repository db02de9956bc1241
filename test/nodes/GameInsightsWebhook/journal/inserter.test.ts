import { Inserter } from '../../../../nodes/GameInsightsWebhook/journal/inserter';
import { JournalRow } from '../../../../nodes/GameInsightsWebhook/journal/journalRow';
import { TableFailure, type TableFailureKind } from '../../../../nodes/shared/dataTables/table';

/** Inserts a request for each payload, all at once; `bad` is what the table refuses. */
async function inserted(payloads: readonly string[], kind: TableFailureKind) {
	const calls: number[] = [];
	const inserter = new Inserter(
		{
			insert: async (rows) => {
				calls.push(rows.length);
				if (rows.some(({ payload }) => payload === 'bad')) throw new TableFailure(kind, 'simulated');
				await Promise.resolve();
			},
			read: async () => await Promise.resolve([]),
		},
		() => Promise.resolve(),
	);
	const failures = await Promise.all(
		payloads.map(async (payload, place) => {
			const row = new JournalRow('own', 'place', place, [], 'waiting', 0);
			return await inserter.insert([row], [{ payload, place, claim: 'own' }]);
		}),
	);
	return { calls, kinds: failures.map((failure) => failure?.kind ?? null) };
}

it('requests that come together share a call', async () => {
	expect(await inserted(['a', 'b', 'c'], 'full')).toEqual({ calls: [3], kinds: [null, null, null] });
});

it.each(['tooLarge', 'refused'] as const)(
	'one that is %s is no reason to refuse the others',
	async (kind) => {
		expect(await inserted(['a', 'bad', 'c'], kind)).toEqual({
			calls: [3, 1, 1, 1],
			kinds: [null, kind, null],
		});
	},
);

it.each(['full', 'unreachable'] as const)('a table that is %s is so for all of them', async (kind) => {
	expect(await inserted(['a', 'bad', 'c'], kind)).toEqual({ calls: [3], kinds: [kind, kind, kind] });
});
