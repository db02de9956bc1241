import type { ICredentialTestFunction, ICredentialTestFunctions } from 'n8n-workflow';
import type { credentialTests as tests } from './GameInsights/checkCredentials';

/**
 * n8n loads every node when it starts, used or not. What only running workflows and saved credentials need is
 * a file of its own in the package, and is loaded by its first use.
 */
export const running = async () => await import('./running');

const testOf = (name: keyof typeof tests): ICredentialTestFunction =>
	async function (this: ICredentialTestFunctions, credential) {
		return await (await running()).credentialTests[name].call(this, credential);
	};

/** By the names that the nodes' credentials refer to with `testedBy`. */
export const credentialTests: Record<keyof typeof tests, ICredentialTestFunction> = {
	gameInsightsApiKeyApiTest: testOf('gameInsightsApiKeyApiTest'),
	gameInsightsHmacApiTest: testOf('gameInsightsHmacApiTest'),
	gameInsightsJwtApiTest: testOf('gameInsightsJwtApiTest'),
	gameInsightsN8nApiTest: testOf('gameInsightsN8nApiTest'),
};
