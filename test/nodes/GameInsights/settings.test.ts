import { NUMBER_BOUNDS } from '../../../nodes/GameInsights/panel/numberBounds';
import { readMaxRedrives, readSendSettings } from '../../../nodes/GameInsights/settings';
import { GameInsightsWebhook } from '../../../nodes/GameInsights/GameInsightsWebhook.node';

describe('the settings of a run', () => {
	it('start from what the panel shows', () => {
		expect(readSendSettings(100, {})).toEqual({
			eventsPerRequest: 100,
			compress: false,
			addEventIds: true,
			timeoutMs: 30_000,
			retry: { maxRetries: 3, initialDelayMs: 1_000, maxDelayMs: 60_000 },
		});
		const { properties } = new GameInsightsWebhook().description;
		const shown = properties.flatMap((property) => [
			property,
			...((property.type === 'collection' ? property.options : []) as typeof properties),
		]);
		for (const [name, bounds] of Object.entries(NUMBER_BOUNDS)) {
			const property = shown.find((candidate) => candidate.name === name);
			expect({ name, default: property?.default, ...property?.typeOptions }).toMatchObject({
				name,
				default: bounds.default,
				minValue: bounds.min,
				maxValue: bounds.max,
			});
		}
	});

	it.each([
		[0, 1],
		[-5, 1],
		[1_000_000, 1_000],
		[2.9, 2],
		[Number.NaN, 100],
		['', 100],
		['7', 7],
		[null, 100],
		[undefined, 100],
		['many', 100],
	])('%p events a request are %p', (typed, eventsPerRequest) => {
		expect(readSendSettings(typed, {}).eventsPerRequest).toBe(eventsPerRequest);
	});

	it('bring every number inside its bounds', () => {
		const wild = { maxRetries: 1e9, initialDelay: -1, maxDelay: Infinity, timeout: 0 };
		expect(readSendSettings(1, wild)).toMatchObject({
			timeoutMs: 1_000,
			retry: { maxRetries: 10, initialDelayMs: 0, maxDelayMs: 300_000 },
		});
		expect([0, 5, 1e6, 'x'].map(readMaxRedrives)).toEqual([1, 5, 100, 3]);
	});
});
