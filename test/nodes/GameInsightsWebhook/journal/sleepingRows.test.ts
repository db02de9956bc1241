import { claimOfSleep, executionOfSleep } from '../../../../nodes/GameInsightsWebhook/journal/sleepingRows';

describe('the claim of a sleeping row', () => {
	it('names its execution', () => {
		expect(executionOfSleep({ id: 1, claim: claimOfSleep('1234') })).toBe('1234');
	});

	it.each(['', null, 'execution', 'execution ', 'execution 1/../2', 'id7/3', 12])(
		'names none when it is %j',
		(claim) => {
			expect(executionOfSleep({ id: 1, claim })).toBeNull();
		},
	);
});
