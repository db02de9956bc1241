import type { ICredentialDataDecryptedObject, IHttpRequestMethods, IHttpRequestOptions } from 'n8n-workflow';
import { strip } from '../../shared/credential/invisible';
import type { MakeCall, N8nAccess } from './n8nTables';

/** The credential that `durable` needs. */
export const N8N_CREDENTIAL = 'gameInsightsN8nApi';

/** The part of n8n's contexts that makes HTTP requests. */
export interface HttpContext {
	readonly helpers: { httpRequest(options: IHttpRequestOptions): Promise<unknown> };
}

/** n8n's own HTTP client, as the core uses it. */
export function callsWith({ helpers }: HttpContext): MakeCall {
	return async ({ method, url, headers, body, timeoutMs }) => {
		const answer = (await helpers.httpRequest({
			method: method satisfies IHttpRequestMethods,
			url,
			headers: { ...headers },
			...(body === undefined ? {} : { body }),
			json: true,
			timeout: timeoutMs,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
		})) as { statusCode: number; body: unknown };
		return { status: answer.statusCode, body: answer.body };
	};
}

/** What the credential says, without what slipped in at the ends while copying. */
export function accessOf(credential: ICredentialDataDecryptedObject): N8nAccess {
	const text = (value: unknown): string => (typeof value === 'string' ? strip(value) : '');
	return { baseUrl: text(credential.baseUrl), apiKey: text(credential.apiKey) };
}
