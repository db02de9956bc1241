import type { TriggerPanelDefinition } from 'n8n-workflow';

/** What the open node shows while no event has arrived yet. */
export const triggerPanel: TriggerPanelDefinition = {
	header: 'Test with an event',
	executionsHelp: {
		inactive:
			'<b>While you build:</b> click "Execute step", then send an event to the test URL. <b>When you are ready:</b> publish the workflow and use the production URL.',
		active:
			'<b>While you build:</b> click "Execute step", then send an event to the test URL. <b>Your workflow is live:</b> events sent to the production URL run it; find them under Executions.',
	},
	activationHint: 'Publish the workflow, then let the sender send events to the production URL.',
};
