import type { ICredentialTestFunction, ICredentialTestFunctions } from 'n8n-workflow';

/**
 * n8n loads every node when it starts, used or not. What only running workflows and saved credentials need is a file of its
 * own in the package, and is loaded by its first use.
 */
export const running = async () => await import('./running');

const testOf = (name: string): ICredentialTestFunction =>
	async function (this: ICredentialTestFunctions, credential) {
		const { credentialTests } = await running();
		return (await credentialTests[name]?.call(this, credential)) ?? { status: 'OK', message: '' };
	};

/** By the names that the nodes' credentials refer to with `testedBy`. */
export const credentialTests = Object.fromEntries(
	[
		'gameInsightsApiKeyApiTest',
		'gameInsightsHmacApiTest',
		'gameInsightsJwtApiTest',
		'gameInsightsN8nApiTest',
	].map((name) => [name, testOf(name)]),
);
