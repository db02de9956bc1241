import { type Filter, eq } from '../../shared/dataTables/table';
import type { NodeAddress } from '../../shared/journal/columns';

/** A filter for rows of one node: one table may be used by many workflows. */
export const nodeRows = ({ workflowId, nodeId }: NodeAddress, ...more: Filter): Filter => [
	eq('workflow_id', workflowId),
	eq('node_id', nodeId),
	...more,
];
