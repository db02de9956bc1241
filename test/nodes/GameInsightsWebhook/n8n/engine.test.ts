import { isEngine2 } from '../../../../nodes/GameInsightsWebhook/n8n/engine';

it.each([
	['v2', true],
	['v1', false],
	[undefined, false],
] as Array<['v1' | 'v2' | undefined, boolean]>)(
	'a workflow with the engine type %s is set to Engine 2.0: %s',
	(engineType, expected) => {
		expect(isEngine2(engineType === undefined ? {} : { engineType })).toBe(expected);
	},
);
