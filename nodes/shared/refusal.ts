/** Why a whole request is refused, with the HTTP status. Senders may rely on this closed list. */
export const REFUSALS = {
	unauthorized: 401,
	address_not_allowed: 403,
	origin_not_allowed: 403,
	payload_too_large: 413,
	too_many_events: 413,
	unsupported_media_type: 415,
	invalid_body: 400,
	invalid_events: 400,
	rate_limited: 429,
	busy: 429,
	unavailable: 503,
	workflow_failed: 500,
	not_configured: 500,
	internal_error: 500,
} as const;

/** One of the reasons to refuse a request. */
export type RefusalCode = keyof typeof REFUSALS;

/** The optional parts of a refusal. */
export interface RefusalDetails {
	/** Extra answer headers, e.g. `Retry-After`. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Faults by event, for the answer. */
	readonly errors?: readonly unknown[];
	/** For n8n's log only: what exactly was wrong. Never a secret, a token or a signature. */
	readonly operatorMessage?: string;
}

/**
 * Thrown to refuse a request: nothing of it is taken.
 * `message` is for the sender and contains only what the sender may know; `operatorMessage` is for the log.
 */
export class Refusal extends Error {
	readonly headers: Readonly<Record<string, string>>;
	readonly errors: readonly unknown[];
	readonly operatorMessage: string | undefined;

	constructor(
		/** HTTP status. */
		readonly status: number,
		readonly code: RefusalCode,
		message: string,
		details: RefusalDetails = {},
	) {
		super(message);
		this.name = 'Refusal';
		this.headers = details.headers ?? {};
		this.errors = details.errors ?? [];
		this.operatorMessage = details.operatorMessage;
	}
}

/** All requests are refused until the operator has corrected the settings. */
export function notConfigured(operatorMessage: string): Refusal {
	const message = 'This endpoint is not set up. Nothing was taken; it is safe to send again.';
	return new Refusal(500, 'not_configured', message, { operatorMessage });
}
