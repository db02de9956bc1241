import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';

/** The figures of all endpoints of a workflow that were live in this process. */
export type FiguresOf = (workflowId: string) => ReadonlyArray<Record<string, unknown>>;

/**
 * *Endpoint: Get Figures*: for each input item, one item for each endpoint of the workflow that it names.
 * @throws NodeOperationError when this process has no figures: in a worker, or when no endpoint was
 * published; unless the node continues on errors.
 */
export function getFigures(context: IExecuteFunctions, figuresOf: FiguresOf): INodeExecutionData[][] {
	const items: INodeExecutionData[] = [];
	for (let item = 0; item < context.getInputData().length; item++) {
		const named = context.getNodeParameter('workflowId', item, '');
		const workflowId = typeof named === 'string' ? named.trim() : '';
		const figures = figuresOf(workflowId);
		for (const json of figures) items.push({ json: json as IDataObject, pairedItem: { item } });
		if (figures.length > 0) continue;
		const error = new NodeOperationError(
			context.getNode(),
			`There are no figures of the workflow "${workflowId}"`,
			{
				itemIndex: item,
				description:
					'Publish the workflow with the Game Insights Webhook trigger, and check the Workflow ID. In queue mode the figures can not be read: the main process counts them, and executions run in workers.',
			},
		);
		if (!context.continueOnFail()) throw error;
		items.push({ json: { error: error.message }, pairedItem: { item } });
	}
	return [items];
}
