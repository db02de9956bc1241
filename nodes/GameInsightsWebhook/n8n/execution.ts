import type { IExecuteResponsePromiseData, INodeExecutionData, IRun } from 'n8n-workflow';
import type { Execution, Outcome } from '../queue/arrival';
import type { Watchdog } from '../queue/watchdog';
import type { FailedAttempt } from '../../shared/items/history';

/** n8n's form of a promise with its two functions to settle it. */
export interface Deferred<T> {
	promise: Promise<T>;
	resolve(result: T | PromiseLike<T>): void;
	reject(error: Error): void;
}

/** The part of n8n's trigger context that starting an execution needs. */
export interface Emitter {
	emit(
		data: INodeExecutionData[][],
		responsePromise: Deferred<IExecuteResponsePromiseData>,
		donePromise: Deferred<IRun>,
	): void;
	createDeferredPromise<T>(): Deferred<T>;
}

/**
 * What `execute()` sends back as soon as it runs: the execution is stored and runs, and this is its id. It
 * uses the mechanism of n8n's own "Respond to Webhook", so it also reaches the emitting process from a
 * worker.
 */
export interface BegunSignal {
	readonly gameInsights: 'begun';
	readonly executionId: string;
}

/**
 * The execution id in a begun signal. Null for any other response: n8n itself resolves the promise when an
 * execution ends.
 */
export function executionIdOfSignal(response: unknown): string | null {
	const body = (response as { body?: Partial<BegunSignal> } | undefined)?.body;
	return body?.gameInsights === 'begun' && typeof body.executionId === 'string' ? body.executionId : null;
}

/**
 * Converts n8n's result of an execution into an outcome. Without a clear success or a clear failure it is
 * unknown. One that sleeps, and whose id is not known, can't be followed: it counts as processed.
 */
export function outcomeOfRun(run: IRun | undefined, executionId: string | null): Outcome {
	const result = run?.data?.resultData;
	const failure = (otherwise: string): Omit<FailedAttempt, 'at'> => ({
		executionId,
		message: messageOf(result?.error) ?? otherwise,
		node: nodeNameOf(result?.error) ?? result?.lastNodeExecuted ?? null,
	});
	switch (run?.status) {
		case 'success':
			return { kind: 'processed' };
		case 'waiting':
			return executionId === null ? { kind: 'processed' } : { kind: 'asleep', executionId };
		case 'error':
			return { kind: 'failed', failure: failure('The workflow failed without a message') };
		case 'canceled':
			return { kind: 'unknown', failure: failure('The execution was stopped before it finished') };
		case 'crashed':
			return { kind: 'unknown', failure: failure('n8n stopped while the execution was running') };
		default:
			return { kind: 'unknown', failure: failure('n8n did not say how the execution ended') };
	}
}

/**
 * A node's message is often general ("Bad request"), and its description contains the answer of the other
 * service.
 */
function messageOf(error: unknown): string | undefined {
	const { message, description } = (error ?? {}) as { message?: unknown; description?: unknown };
	if (typeof message !== 'string') return undefined;
	return typeof description === 'string' && description !== '' && !message.includes(description)
		? `${message}: ${description}`
		: message;
}

function nodeNameOf(error: unknown): string | undefined {
	const node = (error as { node?: { name?: unknown } } | undefined)?.node;
	return typeof node?.name === 'string' ? node.name : undefined;
}

/**
 * Starts an execution with n8n's emit and converts its two promises into an {@link Execution}.
 * Never throws: if emit throws, the outcome of the execution is unknown.
 */
export function startExecution(emitter: Emitter, payload: object, watchdog: Watchdog): Execution {
	const response = emitter.createDeferredPromise<IExecuteResponsePromiseData>();
	const done = emitter.createDeferredPromise<IRun>();
	let executionId: string | null = null;

	const begun = new Promise<void>((resolve) => {
		const heard = (signal: unknown): void => {
			executionId ??= executionIdOfSignal(signal);
			if (executionId !== null) resolve();
		};
		// A rejection means that the execution was refused or stopped. `done` reports how it ended.
		response.promise.then(heard, () => undefined);
	});

	const ended = new Promise<Outcome>((resolve) => {
		const unknown = (message: string): void =>
			resolve({ kind: 'unknown', failure: { executionId, message, node: null } });
		const stopWatching = watchdog.watch(() => unknown('The execution took longer than it may'));
		done.promise.finally(stopWatching).then(
			(run: IRun | undefined) => resolve(outcomeOfRun(run, executionId)),
			(error: unknown) => unknown(error instanceof Error ? error.message : String(error)),
		);
	});

	try {
		emitter.emit([[{ json: payload as INodeExecutionData['json'] }]], response, done);
	} catch (error) {
		done.reject(error instanceof Error ? error : new Error(String(error)));
	}
	return { begun, ended };
}
