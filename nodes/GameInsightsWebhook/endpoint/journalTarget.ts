import type { ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { JournalTarget } from './journals';
import { N8N_CREDENTIAL, accessOf, callsWith } from '../../shared/dataTables/n8nAccess';
import type { Settings } from '../panel/settings';

/** The tables in which the node keeps its events. Null when it keeps them in memory. */
export async function journalTarget(
	context: ITriggerFunctions | IWebhookFunctions,
	settings: Settings,
): Promise<JournalTarget | null> {
	const { journal } = settings;
	if (journal === null) return null;
	const readAccess = async () => accessOf(await context.getCredentials(N8N_CREDENTIAL));
	return {
		address: { workflowId: context.getWorkflow().id ?? '', nodeId: context.getNode().id },
		access: await readAccess(),
		readAccess,
		make: callsWith(context),
		settings: { ...settings, journal },
		logger: context.logger,
	};
}
