import { hash } from 'crypto';

const PREFIXES = { message: Buffer.from('message:'), signature: Buffer.from('signature:') } as const;

/**
 * A key of fixed length that identifies repeated requests. It is a digest, because the key may be stored
 * where people see it, and a signature without a timestamp would stay valid for ever.
 */
export function deduplicationKey(kind: keyof typeof PREFIXES, identity: string | Buffer): string {
	const bytes = typeof identity === 'string' ? Buffer.from(identity) : identity;
	return hash('sha256', Buffer.concat([PREFIXES[kind], bytes]), 'base64url');
}
