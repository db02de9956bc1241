import { readEvents } from '../events/events';
import type { DeadLetter } from './deadLetter';
import { shownDelivery } from './delivery';
import { withoutForeignDelivery } from './senderDelivery';

/** Returns the URL of an execution in n8n. */
export type ExecutionUrl = (executionId: string) => string;

/** @throws {SyntaxError} when the text is no longer JSON */
const eventIn = (text: string): unknown => readEvents({ format: 'json', text: `[${text}]` })[0];

/** The item of a dead letter on its output. @throws {SyntaxError} when its event is no longer JSON */
export function deadLetterItem(
	deadLetter: DeadLetter,
	{ includeDelivery, isTest }: { readonly includeDelivery: boolean; readonly isTest?: boolean },
	executionUrl: ExecutionUrl,
): Record<string, unknown> {
	const { attempts } = deadLetter;
	const lastExecution = deadLetter.stage === 'notice' ? attempts.history[0]?.executionId : null;
	return {
		// The fields that a person wants to read first come first: n8n keeps this order.
		summary:
			typeof lastExecution === 'string'
				? `${deadLetter.summary} The last failed execution: ${executionUrl(lastExecution)}`
				: deadLetter.summary,
		reason: deadLetter.reason,
		event: deadLetter.eventText === null ? null : withoutForeignDelivery(eventIn(deadLetter.eventText)),
		raw: deadLetter.raw,
		stage: deadLetter.stage,
		errors: deadLetter.errors,
		attempts: {
			count: attempts.count,
			max: attempts.max,
			first_at: attempts.firstAt,
			last_at: attempts.lastAt,
			history: attempts.history.map(({ at, executionId, message, node }) => ({
				at,
				execution_id: executionId,
				execution_url: executionId === null ? null : executionUrl(executionId),
				message,
				node,
			})),
		},
		similar: {
			count: deadLetter.similar?.count ?? 0,
			first_at: deadLetter.similar?.firstAt ?? deadLetter.deadLetteredAt,
		},
		received_at: deadLetter.receivedAt,
		dead_lettered_at: deadLetter.deadLetteredAt,
		...(includeDelivery ? { _delivery: shownDelivery(deadLetter.delivery, isTest) } : {}),
		redrive: deadLetter.redrive,
	};
}
