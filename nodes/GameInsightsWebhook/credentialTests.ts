import type { ICredentialTestFunction, ICredentialTestFunctions } from 'n8n-workflow';
import { fetchJsonOfTest } from './fetchJson';
import { examineCredential } from './intake/authenticate/authenticator';
import { testN8nAccess } from './n8nAccessTest';
import type { AuthenticationMethod } from './settings';

/**
 * The test n8n runs when a credential is saved: whether it can verify anybody, and if not, what to change.
 * It looks at the credential alone, and at its JWKS URL where it has one.
 */
function testOf(method: AuthenticationMethod): ICredentialTestFunction {
	return async function (this: ICredentialTestFunctions, credential) {
		const data = credential.data ?? {};
		const { findings } = await examineCredential(method, data, fetchJsonOfTest(this.helpers));
		return findings.length > 0
			? { status: 'Error', message: findings.join(' ') }
			: { status: 'OK', message: 'Ready to verify requests' };
	};
}

/** By the names that the node's credentials refer to with `testedBy`. */
export const credentialTests = {
	gameInsightsApiKeyApiTest: testOf('apiKey'),
	gameInsightsHmacApiTest: testOf('hmac'),
	gameInsightsJwtApiTest: testOf('jwt'),
	gameInsightsN8nApiTest: testN8nAccess,
} satisfies Record<string, ICredentialTestFunction>;
