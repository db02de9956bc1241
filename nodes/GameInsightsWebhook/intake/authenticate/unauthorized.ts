import { Refusal } from '../../../shared/refusal';

/**
 * Refuses a request whose proof is missing or wrong. The sender always gets the same message, so that nobody
 * can find out which check failed. `operatorMessage` is for the operator.
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
