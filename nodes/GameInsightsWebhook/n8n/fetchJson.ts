import type { ICredentialTestFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { FetchJson } from '../intake/authenticate/authentication';

/** Short, because a request waits for it. An issuer that needs longer is treated as unreachable. */
const TIME_LIMIT_MS = 5_000;

/**
 * Gets JSON with n8n's own helper, so that n8n's proxy, certificates and rules against requests into its own
 * network apply. A redirect is not followed: it might lead to an address, or to plain http, that the owner
 * did not choose.
 */
export function fetchJsonOf(
	helpers: Pick<IWebhookFunctions['helpers'], 'httpRequest'>,
	timeLimitMs: number = TIME_LIMIT_MS,
): FetchJson {
	return async (url) =>
		await inTime(timeLimitMs, async (abortSignal) => {
			return (await helpers.httpRequest({
				url,
				json: true,
				timeout: timeLimitMs,
				disableFollowRedirect: true,
				abortSignal,
			})) as unknown;
		});
}

/** Like {@link fetchJsonOf}, for the test of a credential, where n8n offers only its older helper. */
export function fetchJsonOfTest(
	helpers: Pick<ICredentialTestFunctions['helpers'], 'request'>,
	timeLimitMs: number = TIME_LIMIT_MS,
): FetchJson {
	return async (url) =>
		await inTime(timeLimitMs, async () => {
			const options = { uri: url, json: true, timeout: timeLimitMs, followRedirect: false };
			return (await helpers.request(options)) as unknown;
		});
}

/**
 * n8n's own time limit starts again with each byte, so a slow server that keeps sending would never reach it.
 * @throws Error in plain words, without the address, which may contain a password
 */
async function inTime<T>(limitMs: number, fetching: (signal: AbortSignal) => Promise<T>): Promise<T> {
	const signal = AbortSignal.timeout(limitMs);
	const tooLate = new Promise<never>((_, reject) => {
		signal.addEventListener('abort', () => {
			reject(new Error(`it did not answer within ${limitMs / 1000} s`));
		});
	});
	return await Promise.race([fetching(signal), tooLate]).catch((error: unknown): never => {
		throw new Error(describe(error));
	});
}

/** The fields are those of axios, which n8n's helpers use, and of the errors that n8n wraps around it. */
function describe(error: unknown): string {
	const { response, httpCode, status, code, message } = (error ?? {}) as Record<string, unknown>;
	const answered = Number((response as { status?: unknown } | undefined)?.status ?? httpCode ?? status);
	if (answered >= 300 && answered < 400) {
		return `it redirects elsewhere (status ${answered}); enter the address it redirects to`;
	}
	if (answered >= 100) return `it answers with status ${answered}`;
	if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') return 'it takes too long to answer';
	return (
		[message, code].find((text): text is string => typeof text === 'string' && text !== '') ??
		'unknown reason'
	);
}
