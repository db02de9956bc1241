/** The `_delivery` block of an item. */
export interface DeliveryInfo {
	/** The same for all attempts. */
	readonly id: string;
	readonly attempt: number;
	readonly max_attempts: number;
	/** Whether a failed execution is run again automatically. False where this process has no live trigger. */
	readonly automatic_retry: boolean;
	/** RFC 3339. */
	readonly received_at: string;
	readonly endpoint: string;
	/** Null for a notice. */
	readonly request_id: string | null;
	readonly batch: { readonly id: string | null; readonly index: number | null; readonly size: number };
	readonly auth: {
		readonly method: string;
		readonly key_id: string;
		readonly claims: Readonly<Record<string, unknown>> | null;
	} | null;
	readonly last_error: {
		readonly message: string;
		readonly node: string | null;
		readonly execution_id: string | null;
		readonly at: string;
	} | null;
	/** Only for an event that was sent again from a dead letter: as `redrive` of a dead letter. */
	readonly redrive?: { readonly count: number; readonly of: string | null };
}

type Fields = Readonly<Record<string, unknown>>;

/** A copy without empty fields: n8n shows each of them as a red `null` or `empty`. */
function filled(fields: Fields): Record<string, unknown> {
	const copy: Record<string, unknown> = {};
	for (const name in fields) {
		const value = fields[name];
		if (value !== undefined && value !== null && value !== '') copy[name] = value;
	}
	return copy;
}

/** `_delivery` as items show it, without empty fields. The claims of a token stay unchanged. */
export function shownDelivery(info: DeliveryInfo, isTest = false): Record<string, unknown> {
	const { auth, last_error, redrive } = info;
	return filled({
		id: info.id,
		attempt: info.attempt,
		max_attempts: info.max_attempts,
		test: isTest ? true : undefined,
		automatic_retry: isTest ? undefined : info.automatic_retry,
		received_at: info.received_at,
		endpoint: info.endpoint,
		request_id: info.request_id,
		batch: filled(info.batch),
		auth: auth && filled(auth),
		last_error: last_error && filled(last_error),
		redrive: redrive && filled(redrive),
	});
}
