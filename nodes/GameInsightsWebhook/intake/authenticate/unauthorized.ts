import { Refusal } from '../../../shared/refusal';

/**
 * Refuses a request whose proof is missing or wrong. The sender always reads the same words, so that nobody
 * can probe which check failed; `operatorMessage` tells the operator.
 */
export function unauthorized(
	operatorMessage: string,
	headers: Readonly<Record<string, string>> = {},
): Refusal {
	return new Refusal(401, 'unauthorized', 'The credentials of this request are missing or wrong.', {
		headers,
		operatorMessage,
	});
}
