import { randomBytes } from 'crypto';
import type { ICredentialTestFunction, ICredentialTestFunctions } from 'n8n-workflow';
import { fetchJsonOfTest } from './fetchJson';
import { examineCredential } from '../intake/authenticate/authenticator';
import { HOW_TO_MAKE } from '../../shared/credential/secretStrength';
import { testN8nAccess } from './checkN8nAccess';
import type { AuthenticationMethod } from '../../shared/authenticationMethod';

/** As many as the hash of HMAC-SHA256 has. */
const GOOD_SECRET_BYTES = 32;

/**
 * The words with a good secret in them, made at this moment, where they say how to make one: not everybody
 * has a terminal. Whoever may test a credential may choose its secret, so nobody learns more than that.
 */
function withGoodSecret(message: string): string {
	return (['hex', 'base64'] as const).reduce((text, form) => {
		const offered = () =>
			`Here is a good one, made just now, to copy into this field and to give to the sender: ${randomBytes(GOOD_SECRET_BYTES).toString(form)}`;
		return text.replace(HOW_TO_MAKE[form], offered);
	}, message);
}

/**
 * The test n8n runs when a credential is saved: whether it can verify anybody, and if not, what to change.
 * It looks at the credential alone, and at its JWKS URL where it has one.
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

/** By the names that the node's credentials refer to with `testedBy`. */
export const credentialTests = {
	gameInsightsApiKeyApiTest: testOf('apiKey'),
	gameInsightsHmacApiTest: testOf('hmac'),
	gameInsightsJwtApiTest: testOf('jwt'),
	gameInsightsN8nApiTest: testN8nAccess,
} satisfies Record<string, ICredentialTestFunction>;
