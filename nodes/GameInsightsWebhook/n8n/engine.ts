import type { IWorkflowSettings } from 'n8n-workflow';

/**
 * Why this trigger does not work in a workflow that is set to n8n's Engine 2.0, and what to do. In that
 * engine `emit()` can't report how an execution ends, and the return value of `webhook()` becomes the items
 * of the trigger's outputs, without `execute()` (n8n 2.41: `workflows/triggers/engine-v2-active-triggers.js`,
 * `services/engine-v2-dispatcher.service.js`). The setting is not in n8n's editor, only in its API.
 */
export const NEEDS_ENGINE_1 =
	'This trigger needs n8n\'s usual engine, because Engine 2.0 does not tell a trigger how an execution ended: set "engineType" to "v1" in the settings of the workflow, then publish it again.';

/** Whether a workflow is set to n8n's Engine 2.0. n8n 1 does not have this setting. */
export const isEngine2 = ({ engineType }: IWorkflowSettings): boolean => engineType === 'v2';
