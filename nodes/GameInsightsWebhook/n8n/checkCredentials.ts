import { randomBytes } from 'crypto';
import type { ICredentialTestFunction, ICredentialTestFunctions } from 'n8n-workflow';
import { fetchJsonOfTest } from './fetchJson';
import { examineCredential } from '../intake/authenticate/authenticator';
import { HOW_TO_MAKE } from '../../shared/credential/secretStrength';
import { testN8nAccess } from './checkN8nAccess';
import type { AuthenticationMethod } from '../../shared/authenticationMethod';

/** The size of an HMAC-SHA256 hash. */
const GOOD_SECRET_BYTES = 32;

/**
 * Adds a new good secret to a message that says how to make one, because not everyone has a terminal. A user
 * who may test a credential may also choose its secret, so the message reveals nothing new.
 */
function withGoodSecret(message: string): string {
	return (['hex', 'base64'] as const).reduce((text, form) => {
		const offered = () =>
			`Here is a good one, made just now, to copy into this field and to give to the sender: ${randomBytes(GOOD_SECRET_BYTES).toString(form)}`;
		return text.replace(HOW_TO_MAKE[form], offered);
	}, message);
}

/**
 * The test that n8n runs when a credential is saved: can the credential verify requests, and if not, what has
 * to be changed? It checks only the credential, and its JWKS URL if it has one.
 */
function testOf(method: AuthenticationMethod): ICredentialTestFunction {
	return async function (this: ICredentialTestFunctions, credential) {
		const data = credential.data ?? {};
		const { findings } = await examineCredential(method, data, fetchJsonOfTest(this.helpers));
		return findings.length > 0
			? { status: 'Error', message: withGoodSecret(findings.join(' ')) }
			: { status: 'OK', message: 'Ready to verify requests' };
	};
}

/** The tests, by the names in `testedBy` of the node's credentials. */
export const credentialTests = {
	gameInsightsApiKeyApiTest: testOf('apiKey'),
	gameInsightsHmacApiTest: testOf('hmac'),
	gameInsightsJwtApiTest: testOf('jwt'),
	gameInsightsN8nApiTest: testN8nAccess,
} satisfies Record<string, ICredentialTestFunction>;
