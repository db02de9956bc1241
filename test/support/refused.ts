import { Refusal } from '../../nodes/shared/refusal';

/** The refusal a request met; fails when it met none or something else was thrown. */
export async function refusedBy(attempt: () => unknown): Promise<Refusal> {
	try {
		await attempt();
	} catch (error) {
		if (error instanceof Refusal) return error;
		throw error;
	}
	throw new Error('The request was let in.');
}

/** Fails unless the request is refused as unauthorized, in the one sentence that every such sender reads. */
export async function expectUnauthorized(attempt: () => unknown): Promise<Refusal> {
	const refusal = await refusedBy(attempt);
	expect({ status: refusal.status, code: refusal.code, message: refusal.message }).toEqual({
		status: 401,
		code: 'unauthorized',
		message: 'The credentials of this request are missing or wrong.',
	});
	return refusal;
}
