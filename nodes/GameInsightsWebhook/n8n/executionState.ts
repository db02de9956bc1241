import type { IRun } from 'n8n-workflow';
import { isJsonObject } from '../../shared/json/jsonValue';
import type { ExecutionState } from '../journal/sleepers';
import { TableFailure } from '../../shared/dataTables/table';
import { callForStatus } from '../../shared/dataTables/callForStatus';
import { outcomeOfRun } from './execution';
import type { MakeCall, N8nAccess } from '../../shared/dataTables/n8nApi';

/** From this year on, n8n's time for waking means "never by itself" (`WAIT_INDEFINITELY` of n8n-workflow). */
const NEVER_MS = Date.UTC(3_000, 0, 1);

/**
 * Asks n8n's public API about an execution (`GET /executions/{id}`, n8n 2.41). Its data is only read when it
 * has failed, because it may be large. n8n answers 403 when the key lacks the scope `execution:read`, and 404
 * when the execution was deleted or when the key's owner may not see its workflow.
 * @throws {TableFailure} when there is no answer that tells anything
 */
export async function executionState(
	make: MakeCall,
	access: N8nAccess,
	executionId: string,
): Promise<ExecutionState> {
	const read = async (includeData: boolean): Promise<ExecutionState | Readonly<Record<string, unknown>>> => {
		const query = { includeData: String(includeData) };
		const route = `/executions/${encodeURIComponent(executionId)}`;
		const { status, body, failure } = await callForStatus(make, access, 'GET', route, { query });
		if (status === 403) return { kind: 'forbidden' };
		if (status === 404 && isJsonObject(body)) return { kind: 'gone' };
		if (failure !== null) throw failure;
		if (isJsonObject(body)) return body;
		throw new TableFailure('unreachable', `n8n did not answer what became of execution ${executionId}`);
	};
	const execution = await read(false);
	if (isState(execution)) return execution;
	switch (execution.status) {
		case 'waiting': {
			const wakesAtMs = typeof execution.waitTill === 'string' ? Date.parse(execution.waitTill) : NaN;
			return { kind: 'asleep', wakesAtMs: wakesAtMs < NEVER_MS ? wakesAtMs : null };
		}
		case 'new':
		case 'running':
			return { kind: 'running' };
		case 'success':
			return { kind: 'ended', outcome: { kind: 'processed' } };
		default: {
			const whole = await read(true);
			return isState(whole) ? whole : ended(whole, executionId);
		}
	}
}

const isState = (read: object): read is ExecutionState => 'kind' in read;

/** The API gives an execution in the form of a run. */
function ended(execution: object, executionId: string): ExecutionState {
	const outcome = outcomeOfRun(execution as IRun, executionId);
	return outcome.kind === 'asleep' ? { kind: 'asleep', wakesAtMs: null } : { kind: 'ended', outcome };
}
