import type { ICredentialDataDecryptedObject, IHttpRequestMethods, IHttpRequestOptions } from 'n8n-workflow';
import { strip } from '../credential/invisible';
import type { MakeCall, N8nAccess } from './n8nApi';

/** The credential that `durable` needs. */
export const N8N_CREDENTIAL = 'gameInsightsN8nApi';

/** The part of n8n's contexts that makes HTTP requests. */
export interface HttpContext {
	readonly helpers: { httpRequest(options: IHttpRequestOptions): Promise<unknown> };
}

/** n8n's own HTTP client, in the form that the core uses. */
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

/**
 * The address and the key in the credential, without invisible characters at the ends that were copied by
 * mistake.
 */
export function accessOf(credential: ICredentialDataDecryptedObject): N8nAccess {
	const text = (value: unknown): string => (typeof value === 'string' ? strip(value) : '');
	return { baseUrl: text(credential.baseUrl), apiKey: text(credential.apiKey) };
}

/** The shortest time between two reads of the credential. */
const READ_EVERY_MS = 2_000;

/**
 * The address and the key in the credential. After a change in the credential they are read again, so a new
 * key works without publishing the workflow.
 */
export class CurrentAccess implements N8nAccess {
	private readAtMs = -Infinity;
	private reading: Promise<void> | null = null;

	constructor(
		private known: N8nAccess,
		/** Reads the credential as it is now. */
		private readonly read: () => Promise<N8nAccess>,
		private readonly ports: { elapsedMs(): number; failed(message: string): void },
	) {}

	get baseUrl(): string {
		return this.known.baseUrl;
	}

	get apiKey(): string {
		return this.known.apiKey;
	}

	/** Calls that fail at the same time share one read. */
	async renew(used: N8nAccess = this.known): Promise<boolean> {
		const isOther = (): boolean => used.baseUrl !== this.baseUrl || used.apiKey !== this.apiKey;
		if (isOther()) return true;
		if (this.reading === null && this.ports.elapsedMs() - this.readAtMs < READ_EVERY_MS) return false;
		await (this.reading ??= this.readAgain());
		return isOther();
	}

	private async readAgain(): Promise<void> {
		try {
			this.known = await this.read();
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			this.ports.failed(`The credential for Durable could not be read again: ${reason}`);
		}
		this.readAtMs = this.ports.elapsedMs();
		this.reading = null;
	}
}
