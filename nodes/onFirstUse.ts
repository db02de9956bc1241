import type { ICredentialTestFunction, ICredentialTestFunctions } from 'n8n-workflow';
import type * as Running from './running';

/** Kept, because asking for the file again takes longer than all that the node does with a small request. */
let loaded: Promise<typeof Running> | undefined;

/**
 * n8n loads every node when it starts, even if it is not used. Code that only running workflows and saved
 * credentials need is in a separate file of the package, which is loaded at its first use.
 */
export const running = async () => await (loaded ??= import('./running'));

const testOf = (name: keyof typeof Running.credentialTests): ICredentialTestFunction =>
	async function (this: ICredentialTestFunctions, credential) {
		return await (await running()).credentialTests[name].call(this, credential);
	};

/** The tests, by the names in `testedBy` of the nodes' credentials. */
export const credentialTests: Record<keyof typeof Running.credentialTests, ICredentialTestFunction> = {
	gameInsightsApiKeyApiTest: testOf('gameInsightsApiKeyApiTest'),
	gameInsightsHmacApiTest: testOf('gameInsightsHmacApiTest'),
	gameInsightsJwtApiTest: testOf('gameInsightsJwtApiTest'),
	gameInsightsN8nApiTest: testOf('gameInsightsN8nApiTest'),
};
