import { randomUUID } from 'crypto';
import type {
	ICredentialTestFunction,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { textField, type CredentialData } from '../shared/credential/credentialField';
import { strip } from '../shared/credential/invisible';
import { UnusableCredential } from '../shared/credential/unusableCredential';
import type { AuthenticationMethod } from '../shared/authenticationMethod';
import { type HttpAnswer, readAnswerBody } from './send/answer';
import type { OutgoingRequest } from './send/deliver';
import { pingRequest, readPong } from './send/ping';
import { buildSigner } from './send/sign/buildSigner';

const TIMEOUT_MS = 10_000;

/** n8n's response to the request of a credential test, with any status. */
interface TestResponse {
	readonly statusCode: number;
	readonly headers: Record<string, unknown>;
	readonly body: unknown;
}

/** The only way in which n8n lets a credential test send a request. */
async function post(
	{ request }: ICredentialTestFunctions['helpers'],
	{ url, headers, body }: OutgoingRequest,
): Promise<HttpAnswer> {
	const options = {
		method: 'POST',
		uri: url,
		headers,
		body: body.toString(),
		timeout: TIMEOUT_MS,
		simple: false,
		resolveWithFullResponse: true,
		followRedirect: false,
	};
	const response = (await request(options)) as TestResponse;
	return { status: response.statusCode, headers: response.headers, body: readAnswerBody(response.body) };
}

async function ping(
	helpers: ICredentialTestFunctions['helpers'],
	method: AuthenticationMethod,
	data: CredentialData,
	url: string,
): Promise<INodeCredentialTestResult> {
	const failed = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });
	try {
		const occasion = { nowMs: Date.now(), newId: () => randomUUID() };
		const request = await pingRequest(url, buildSigner(method, data), occasion);
		const { isTrusted, message } = readPong(await post(helpers, request));
		return isTrusted ? { status: 'OK', message } : failed(message);
	} catch (error) {
		if (error instanceof UnusableCredential) return failed(error.message);
		const reason = error instanceof Error ? error.message : String(error);
		return failed(`The webhook URL did not answer: ${reason}`);
	}
}

/** Whether it can sign but not verify, because it contains only the private key of a key pair. */
function holdsOnlyPrivateKey(method: AuthenticationMethod, data: CredentialData): boolean {
	if (method !== 'jwt' || strip(textField(data, 'privateKey')) === '') return false;
	const publicField = { publicKey: 'publicKey', jwksUrl: 'jwksUrl' }[textField(data, 'keyType')];
	return publicField !== undefined && strip(textField(data, publicField)) === '';
}

/** The trigger's tests of the credentials that prove who sends, by the names in `testedBy`. */
type VerificationTests = Readonly<
	Record<
		'gameInsightsApiKeyApiTest' | 'gameInsightsHmacApiTest' | 'gameInsightsJwtApiTest',
		ICredentialTestFunction
	>
>;

function testOf(verify: ICredentialTestFunction, method: AuthenticationMethod): ICredentialTestFunction {
	return async function (this: ICredentialTestFunctions, credential) {
		const data = credential.data ?? {};
		const url = strip(textField(data, 'webhookUrl'));
		if (url !== '' && holdsOnlyPrivateKey(method, data)) return await ping(this.helpers, method, data, url);
		const verification = await verify.call(this, credential);
		if (url === '' || verification.status === 'Error') return verification;
		return await ping(this.helpers, method, data, url);
	};
}

/**
 * The trigger's own tests. With a Webhook URL, they also send a signed ping, which shows whether the endpoint
 * there knows the sender. The ping has no events, so the endpoint keeps nothing and starts nothing.
 */
export const withPing = <Tests extends VerificationTests>(tests: Tests): Tests => ({
	...tests,
	gameInsightsApiKeyApiTest: testOf(tests.gameInsightsApiKeyApiTest, 'apiKey'),
	gameInsightsHmacApiTest: testOf(tests.gameInsightsHmacApiTest, 'hmac'),
	gameInsightsJwtApiTest: testOf(tests.gameInsightsJwtApiTest, 'jwt'),
});
