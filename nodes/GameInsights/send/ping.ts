import { harmless } from '../../shared/harmless';
import type { HttpAnswer } from './answer';
import type { OutgoingRequest } from './deliver';
import type { Occasion, Signer } from './sign/signer';

/**
 * A body that needs authentication but has no events: a Game Insights Webhook that accepts the signature
 * answers 400 `invalid_body`, keeps nothing and starts nothing.
 */
const PING = '{"events":[]}';

/** A signed request that only shows whether an endpoint knows its sender. */
export async function pingRequest(url: string, signer: Signer, occasion: Occasion): Promise<OutgoingRequest> {
	const body = Buffer.from(PING);
	return { url, body, headers: { 'content-type': 'application/json', ...(await signer(body, occasion)) } };
}

/** The longest part of an answer that a sentence quotes. */
const LONGEST_SENTENCE = 500;

/** The meaning of the answer to a ping. */
export interface PingResult {
	readonly isTrusted: boolean;
	/** One plain sentence or two. */
	readonly message: string;
}

/** Reads the answer to a ping. */
export function readPong({ status, body }: HttpAnswer): PingResult {
	const error = body?.error as { code?: unknown; message?: unknown } | undefined;
	const code = typeof error?.code === 'string' ? error.code : '';
	const said =
		typeof error?.message === 'string' ? ` (${harmless(error.message.slice(0, LONGEST_SENTENCE))})` : '';
	if (status === 400 && code === 'invalid_body') {
		return { isTrusted: true, message: 'The endpoint at the Webhook URL knows this sender.' };
	}
	const distrusted = (message: string): PingResult => ({ isTrusted: false, message });
	switch (status) {
		case 401:
			return distrusted(
				'The endpoint at the Webhook URL does not know this sender: its credential is another one, or the clocks of the two machines differ by minutes.',
			);
		case 403:
			return distrusted(
				'The endpoint at the Webhook URL does not accept requests from the IP address of this n8n: see its IP Allowlist.',
			);
		case 404:
			return distrusted(
				'There is no trigger at the Webhook URL: publish the receiving workflow, and use its production URL.',
			);
		case 429:
			return distrusted('The endpoint at the Webhook URL is too busy to answer. Try again.');
		default:
			return distrusted(
				`The endpoint at the Webhook URL answered ${status}, which is not the answer of a Game Insights Webhook${said}. Check the URL.`,
			);
	}
}
