import { Budget, spend } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/budget';
import { compileEventSchema } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/eventSchema';
import {
	BoundedPattern,
	namePatternCost,
} from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/pattern';
import { sizeOf } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/size';

const NOTHING = sizeOf(null);

/** What is left to the checks of a request. */
function budgetOf(steps: number): Budget {
	const budget = new Budget();
	for (let event = 0; event < 3; event += 1) budget.run(NOTHING, () => spend(250_000));
	budget.run(NOTHING, () => spend(250_000 - steps));
	return budget;
}

/** That so many steps are enough, and a little less is not. */
function expectCost(steps: number, isDone: (budget: Budget) => boolean): void {
	expect([steps, isDone(budgetOf(steps + 0.001)), isDone(budgetOf(steps - 0.001))]).toEqual([
		steps,
		true,
		false,
	]);
}

const named = (count: number, value: unknown = {}) =>
	Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, value]));
const choices = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('what it costs to check an event, in steps of a microsecond', () => {
	it.each<[string, object, unknown, number]>([
		['nothing to check', {}, {}, 1],
		['a type', { type: 'object' }, {}, 1],
		['one of several types', { type: ['object', 'null'] }, {}, 1],
		['a part that applies', { properties: { a: {} } }, { a: 1 }, 2.05],
		['each element of a list', { items: {} }, [1, 2, 3], 4],
		['rules of our own for a number', { minimum: 0, maximum: 9 }, 5, 3],
		['19 names that are required', { required: Object.keys(named(19)) }, named(19), 2],
		['99 choices', { enum: choices(99) }, 7, 6],
		['20 names that are known', { properties: named(20) }, {}, 2],
		['20 names that ask for more', { dependentSchemas: named(20) }, {}, 2],
		['elements that must differ', { uniqueItems: true }, [1, 'a'.repeat(200)], 5],
		// Where the library resolves a name, it looks at what it leads to half as often again.
		['a reference, by the size of its schema', { $defs: named(28), $ref: '#/$defs/n1' }, {}, 2.5 + 31 / 3],
		['a part with a name of its own', { properties: { a: { $id: 'a', title: 'b' } } }, { a: 1 }, 94.05],
		['a part with an anchor', { properties: { a: { $dynamicAnchor: 'a' } } }, { a: 1 }, 62.05 + 2 / 3],
		[
			'names that are not allowed, by how many there are and are known',
			{ properties: named(20), additionalProperties: false },
			{ n1: 1, n2: 1 },
			2 + 1 + 20 + (2 * 20) / 200 + 2,
		],
	])('%s', (_, schema, event, steps) => {
		const { faultsOf } = compileEventSchema(JSON.stringify(schema));
		expectCost(steps, (budget) => faultsOf(event, budget).length === 0);
	});

	it.each([
		['on automata', '^[ab]*$', 'a'.repeat(400), 108],
		["on JavaScript's own engine", '^.{1,2000}$', 'a'.repeat(500), 2],
		["on JavaScript's own engine, in three ways", '^(?:a|b|.{1,2000})$', 'a'.repeat(500), 4],
	])('a pattern %s: %s', (_, source, text, steps) => {
		const pattern = new BoundedPattern(source);
		expectCost(steps, (budget) => budget.run(NOTHING, () => pattern.test(text)) === true);
	});

	it.each([
		['^x-', 2 * (1 + (10 + 10) / 500)],
		['_id$', 2 * (1 + (10 + 100) / 500)],
		['^[a-z]+_', 2 * (1 + (10 + 100) / 500)],
		['^(?:a|b)_', 2 * (1 + (10 + 2 * 10) / 500)],
		['[a-z]+_id', 2 * (1 + (10 + 2_000) / 500)],
	])('names that are tested with %s', (source, steps) => {
		const names = [10, 100, 2_000, 50_000] as const;
		const size = { values: 0, longestName: 0, hasEndlessNumber: false, names };
		expect(namePatternCost(source)(size)).toBeCloseTo(steps);
	});
});
