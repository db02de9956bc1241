import type { IWebhookFunctions } from 'n8n-workflow';
import { Refusal } from '../../shared/refusal';

/** The part of n8n's response object that is used here. */
interface HeaderBag {
	getHeader(name: string): number | string | string[] | undefined;
	setHeader(name: string, value: string): unknown;
	removeHeader(name: string): void;
}

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin';

const responseOf = (context: IWebhookFunctions): HeaderBag => context.getResponseObject();

/**
 * Takes back what n8n has granted: before a node is asked, n8n tells each browser that pages of its origin
 * may read the answer, unless a node has parameters `path` and `httpMethod`, which are those of n8n's own
 * Webhook node.
 */
export function closeToBrowsers(context: IWebhookFunctions): void {
	responseOf(context).removeHeader(ALLOW_ORIGIN);
}

/**
 * Lets pages of the origins on the list read the answer, `Retry-After` included (Fetch Standard, section
 * 3.3). What a browser asks before it sends (`OPTIONS`) is answered by n8n, which allows every origin: so a
 * page of another one can send, is refused here where there is a list, and learns nothing.
 *
 * @param allowed As browsers write them; `*` for all. Null when there is no list.
 * @throws {Refusal} 403 `origin_not_allowed`
 */
export function openToBrowsers(context: IWebhookFunctions, allowed: ReadonlySet<string> | null): void {
	const { origin } = context.getRequestObject().headers;
	if (origin === undefined || allowed === null) return;
	if (!allowed.has(origin) && !allowed.has('*')) {
		throw new Refusal(403, 'origin_not_allowed', 'Requests from pages of this origin are not allowed.', {
			operatorMessage: 'A page of an origin that is not in Allowed Origins has sent this.',
		});
	}
	const response = responseOf(context);
	const vary = response.getHeader('Vary');
	response.setHeader(ALLOW_ORIGIN, origin);
	response.setHeader('Access-Control-Expose-Headers', 'Retry-After');
	response.setHeader('Vary', vary === undefined ? 'Origin' : `${String(vary)}, Origin`);
}
