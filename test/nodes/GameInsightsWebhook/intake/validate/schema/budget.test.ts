import { Budget, spend } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/budget';
import { sizeOf } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/size';

const SIZE = sizeOf({ name: 1 });

describe('what the checks of a request may take', () => {
	it('are 250,000 steps for an event, to the last one', () => {
		const run = (steps: number) =>
			new Budget().run(SIZE, () => {
				spend(steps);
				return 'done';
			});
		expect(run(250_000)).toBe('done');
		expect(run(250_001)).toBeNull();
	});

	it('are 1,000,000 steps for all of them together', () => {
		const budget = new Budget();
		const spent = () =>
			budget.run(SIZE, () => {
				spend(250_000);
				return true;
			});
		for (let event = 0; event < 4; event += 1) {
			expect(budget.isSpent).toBe(false);
			expect(spent()).toBe(true);
		}
		expect(budget.isSpent).toBe(true);
		expect(budget.run(SIZE, () => spend(1))).toBeNull();
	});

	it('are less for an event where less is left', () => {
		const budget = new Budget();
		for (let event = 0; event < 3; event += 1) budget.run(SIZE, () => spend(250_000));
		budget.run(SIZE, () => spend(200_000));
		expect(budget.run(SIZE, () => spend(50_001))).toBeNull();
	});

	it('may depend on the event', () => {
		const budget = new Budget();
		expect(budget.run(SIZE, () => spend(({ values }) => values * 125_001))).toBeNull();
		expect(budget.run(SIZE, () => spend(({ values }) => values * 125_000))).toBeUndefined();
	});

	it('count for nobody outside of a check', () => {
		const budget = new Budget();
		budget.run(SIZE, () => null);
		spend(2_000_000);
		expect(budget.isSpent).toBe(false);
		budget.run(SIZE, () => spend(250_001));
		expect(() => spend(2_000_000)).not.toThrow();
	});

	it('end where the stack ends; another error goes on to whoever asked', () => {
		const fails = (error: Error) => () =>
			new Budget().run(SIZE, () => {
				throw error;
			});
		expect(fails(new RangeError('Maximum call stack size exceeded'))()).toBeNull();
		expect(fails(new TypeError('a fault of ours'))).toThrow(new TypeError('a fault of ours'));
	});
});
