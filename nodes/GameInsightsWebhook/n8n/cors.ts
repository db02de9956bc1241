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
 * Removes the CORS header that n8n has set. Before n8n calls a node, it allows pages of every origin to read
 * the answer, unless the node has parameters `path` and `httpMethod` like n8n's own Webhook node.
 */
export function closeToBrowsers(context: IWebhookFunctions): void {
	responseOf(context).removeHeader(ALLOW_ORIGIN);
}

/**
 * Allows pages of the origins on the list to read the answer, including `Retry-After` (Fetch Standard,
 * section 3.3). n8n itself answers the preflight request of a browser (`OPTIONS`) and allows every origin. So
 * a page of another origin can send a request. It is refused here if there is a list, and the page can't read
 * the answer.
 *
 * @param allowed Origins as browsers write them; `*` for all. Null when there is no list.
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
