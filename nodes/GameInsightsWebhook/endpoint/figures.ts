import type { Receipt } from '../intake/receipt';
import type { RefusalCode } from '../../shared/refusal';
import type { Taken } from '../intake/reply';
import type { QueueFigures } from '../queue/queueFigures';
import { rfc3339 } from '../../shared/rfc3339';

/** Counts of the requests of one endpoint in this process. */
export interface RequestFigures {
	/** When the first of them came, in milliseconds since the epoch. */
	readonly sinceMs: number;
	requests: number;
	/** Events, valid or not. */
	received: number;
	accepted: number;
	duplicates: number;
	/** Events whose type is not on the list of allowed types. */
	ignored: number;
	/** Invalid events and unreadable bodies. */
	invalid: number;
	/** Refused requests, by reason. */
	readonly refused: Partial<Record<RefusalCode, number>>;
}

/** The result of one request: the reason of its refusal, or these numbers. */
export type RequestResult =
	RefusalCode | { readonly receipt: Receipt; readonly taken: Pick<Taken, 'accepted' | 'duplicates'> };

/**
 * Counts the requests of each endpoint of this process. Counts are not shared between processes, and are lost
 * when the process ends.
 */
export class Figures {
	private readonly byKey = new Map<string, RequestFigures>();

	/** @param key of the node, see `registryKey` @param nowMs milliseconds since the epoch */
	count(key: string, result: RequestResult, nowMs: number): void {
		const figures = this.of(key, nowMs);
		figures.requests++;
		if (typeof result === 'string') {
			figures.refused[result] = (figures.refused[result] ?? 0) + 1;
			return;
		}
		const { receipt, taken } = result;
		if (receipt.refusal !== null) {
			const { code } = receipt.refusal;
			figures.refused[code] = (figures.refused[code] ?? 0) + 1;
		}
		figures.received += receipt.received;
		figures.ignored += receipt.ignored;
		figures.invalid += receipt.rejected.length;
		figures.accepted += taken.accepted;
		figures.duplicates += taken.duplicates;
	}

	/** The counts of a node; all 0 when no request has come. */
	of(key: string, nowMs: number): RequestFigures {
		let figures = this.byKey.get(key);
		if (figures === undefined) {
			const none = { requests: 0, received: 0, accepted: 0, duplicates: 0, ignored: 0, invalid: 0 };
			this.byKey.set(key, (figures = { sinceMs: nowMs, ...none, refused: {} }));
		}
		return figures;
	}
}

/** The figures as users see them: plain values that fit into a row of a table. */
export function figuresItem(
	{ workflowId, nodeId, isLive }: { workflowId: string; nodeId: string; isLive: boolean },
	requests: RequestFigures,
	queue: QueueFigures,
	nowMs: number,
): Record<string, unknown> {
	const { sinceMs, refused, ...counted } = requests;
	return {
		workflow_id: workflowId,
		node_id: nodeId,
		live: isLive,
		at: rfc3339(nowMs),
		since: rfc3339(sinceMs),
		...counted,
		refused,
		processed: queue.processed,
		retried: queue.retried,
		dead_lettered: queue.deadLettered,
		waiting: queue.waiting,
		running: queue.running,
		sleeping: queue.sleeping,
		oldest_received_at: queue.oldestAgeMs === null ? null : rfc3339(nowMs - queue.oldestAgeMs),
		breaker: queue.breaker,
	};
}
