import { type TableFailure, asTableFailure } from './table';
import { type MakeCall, callN8n } from './n8nApi';

/** What n8n answered. */
export interface Answer {
	/** Of HTTP. */
	readonly status: number;
	readonly body: unknown;
	/** Null for a success. */
	readonly failure: TableFailure | null;
}

/**
 * Sends a request to n8n's public API, for callers to whom the status of a refusal tells something.
 * @throws {TableFailure} when there was no answer, or one that tells nothing
 */
export async function callForStatus(
	make: MakeCall,
	...[access, method, route, content]: [
		access: Parameters<typeof callN8n>[1],
		method: Parameters<typeof callN8n>[2],
		route: string,
		content: Parameters<typeof callN8n>[4],
	]
): Promise<Answer> {
	let answered: { status: number; body: unknown } = { status: 0, body: undefined };
	const watched: MakeCall = async (call) => (answered = await make(call));
	const failure = await callN8n(watched, access, method, route, content).then(() => null, asTableFailure);
	if (failure?.kind === 'unreachable') throw failure;
	return { ...answered, failure };
}
