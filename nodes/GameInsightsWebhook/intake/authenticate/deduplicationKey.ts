import { hash } from 'crypto';

/**
 * A key of fixed length that identifies repeated requests. It is a digest, because the key may be stored
 * where people see it, and a signature without a timestamp would stay valid for ever.
 */
export function deduplicationKey(kind: 'message' | 'signature', identity: string | Buffer): string {
	return hash('sha256', Buffer.concat([Buffer.from(`${kind}:`), Buffer.from(identity)]), 'base64url');
}
