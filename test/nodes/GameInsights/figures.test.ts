import type { IExecuteFunctions, INode } from 'n8n-workflow';
import { getFigures } from '../../../nodes/GameInsights/figures';

function contextOf(workflowIds: string[], continues = false): IExecuteFunctions {
	const context = {
		getInputData: () => workflowIds.map(() => ({ json: {} })),
		getNode: () => ({ name: 'Figures' }) as INode,
		getNodeParameter: (_name: string, item: number) => workflowIds[item],
		continueOnFail: () => continues,
	};
	return context as unknown as IExecuteFunctions;
}

const known = (workflowId: string) => (workflowId === 'w' ? [{ accepted: 1 }, { accepted: 2 }] : []);

describe('Endpoint: Get Figures', () => {
	it('gives an item for each endpoint of the workflow', () => {
		expect(getFigures(contextOf([' w ']), known)).toEqual([
			[
				{ json: { accepted: 1 }, pairedItem: { item: 0 } },
				{ json: { accepted: 2 }, pairedItem: { item: 0 } },
			],
		]);
	});

	it('says where there are none, and why that may be', () => {
		const run = () => getFigures(contextOf(['other']), known);
		expect(run).toThrow('There are no figures of the workflow "other"');
		try {
			run();
		} catch (error) {
			expect((error as { description: string }).description).toContain('queue mode');
		}
		expect(getFigures(contextOf(['other', 'w'], true), known)[0]).toMatchObject([
			{ json: { error: expect.stringContaining('"other"') }, pairedItem: { item: 0 } },
			{ json: { accepted: 1 } },
			{ json: { accepted: 2 } },
		]);
	});
});
