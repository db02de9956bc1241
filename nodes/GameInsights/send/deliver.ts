import { backoffMs } from '../../shared/backoff';
import { type Delivery, type HttpAnswer, isWorthARetry } from './answer';
import { retryAfterMs } from './retryAfter';
import type { Signer } from './sign/signer';

/** How often a request is sent again, and after which waits. Times are in milliseconds. */
export interface RetrySettings {
	readonly maxRetries: number;
	readonly initialDelayMs: number;
	/** The longest wait before a retry. If a server asks for a longer wait, there is no retry. */
	readonly maxDelayMs: number;
}

/** A request, ready to be sent. */
export interface OutgoingRequest {
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
}

/** The functions that sending depends on. */
export interface SendPorts {
	/** Milliseconds since the epoch. */
	now(): number;
	/** Rejects when the execution is stopped during the sleep. */
	sleep(milliseconds: number): Promise<void>;
	/** From 0 to below 1. */
	random(): number;
	/** Returns a new unique id. */
	newId(): string;
	/** Rejects when no answer came. */
	post(request: OutgoingRequest): Promise<HttpAnswer>;
	gzip(body: Buffer): Promise<Buffer>;
}

/** Where and how to send a body. */
export interface Destination {
	readonly url: string;
	readonly signer: Signer;
	readonly compress: boolean;
	readonly retry: RetrySettings;
}

/**
 * Sends a body until there is a final answer, or no retries are left. Each attempt gets a new signature over
 * the uncompressed body, because a signature may become too old during a wait.
 */
export async function deliver(body: string, destination: Destination, ports: SendPorts): Promise<Delivery> {
	const { retry } = destination;
	const bytes = Buffer.from(body);
	const packed = destination.compress ? await ports.gzip(bytes) : bytes;
	for (let attempts = 1; ; attempts++) {
		const delivery = await attempt(bytes, packed, destination, ports, attempts);
		const { kind } = delivery;
		if (kind === 'answered' && !isWorthARetry(delivery.answer)) return delivery;
		if (attempts > retry.maxRetries) return delivery;
		const asked = kind === 'answered' ? retryAfterMs(delivery.answer.headers, ports.now()) : null;
		if (asked !== null && asked > retry.maxDelayMs) return delivery;
		const backoff = backoffMs(attempts, { ...retry, backoffMultiplier: 2, jitter: true }, () =>
			ports.random(),
		);
		await ports.sleep(Math.max(asked ?? 0, backoff));
	}
}

async function attempt(
	bytes: Buffer,
	packed: Buffer,
	{ url, signer, compress }: Destination,
	ports: SendPorts,
	attempts: number,
): Promise<Delivery> {
	const proof = await signer(bytes, { nowMs: ports.now(), newId: () => ports.newId() });
	const headers = {
		'content-type': 'application/json',
		...(compress ? { 'content-encoding': 'gzip' } : {}),
		...proof,
	};
	try {
		return { kind: 'answered', answer: await ports.post({ url, headers, body: packed }), attempts };
	} catch (error) {
		return { kind: 'unanswered', message: error instanceof Error ? error.message : String(error), attempts };
	}
}
