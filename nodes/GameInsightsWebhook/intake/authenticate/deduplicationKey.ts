import { hash } from 'crypto';

/**
 * A key of fixed length that tells repeated requests from new ones. A digest, because it may be stored where
 * people see it, and a signature without a timestamp would be good for ever.
 */
export function deduplicationKey(kind: 'message' | 'signature', identity: string | Buffer): string {
	return hash('sha256', Buffer.concat([Buffer.from(`${kind}:`), Buffer.from(identity)]), 'base64url');
}
