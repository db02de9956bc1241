import { createHmac } from 'crypto';
import { addressField, type CredentialData } from '../../../shared/credential/credentialField';
import type { Hash, Proof, Recipe, Scheme, TimestampUnit } from '../../../shared/senders/scheme';
import { readScheme } from '../../../shared/senders/schemes';
import { readSecret, signingSecretRule } from '../../../shared/credential/secretStrength';
import { readSignedContentTemplate } from '../../../shared/credential/signedContent';
import { UnusableCredential } from '../../../shared/credential/unusableCredential';
import { readHash } from '../../../shared/credential/verificationKeys';
import type { Signer } from './signer';
import { signingSecret } from './signingSecret';
import { rfc3339 } from '../../../shared/rfc3339';

type HmacProof = Extract<Proof, { kind: 'hmac' }>;

/**
 * Senders that write Game Insights events. Other senders have their own messages, and an endpoint would read
 * the body as such a message.
 */
const isOurFormat = ({ event }: Scheme): boolean =>
	event === undefined ||
	event({
		body: { events: [] },
		signedId: undefined,
		header: () => undefined,
		hmac: () => Buffer.alloc(0),
	}) === null;

/**
 * Signs with a shared secret, by the same record that the trigger uses for its checks.
 * @throws UnusableCredential
 */
export function buildSignatureSigner(data: CredentialData): Signer {
	const scheme = readScheme(data);
	const [recipe] = scheme.recipes;
	const proof = recipe.proofs.find((candidate): candidate is HmacProof => candidate.kind === 'hmac');
	if (proof === undefined || !isOurFormat(scheme)) {
		throw new UnusableCredential(
			`${scheme.displayName} sends messages of its own, not Game Insights events. To send, choose the sender Your Own Server, Standard Webhooks or Custom.`,
		);
	}
	const hash = proof.hash === 'chosen' ? readHash(data) : proof.hash;
	const { bytes: key } = readSecret(
		signingSecret(data, 'secretKey', 'Secret Key'),
		signingSecretRule(proof, scheme.secretIsChosenByUser, 'Secret Key'),
	);
	const template = readSignedContentTemplate(recipe.signedContent);
	if (template.usesHeaders || ['path', 'query'].some((name) => template.uses(name as 'path' | 'query'))) {
		throw new UnusableCredential(
			'The field "Signed Content" names a path, query or header, which this node does not sign. To send, use a credential without them.',
		);
	}
	const url = template.uses('url') ? addressField(data, 'notificationUrl', 'Notification URL') : '';
	const unit = scheme.timestamp?.unit ?? 'milliseconds';

	return async (body, { nowMs, newId }) => {
		const timestamp = writeTimestamp(nowMs, unit);
		const id = newId();
		const hmac = createHmac(hash, key);
		const parts = {
			timestamp,
			id,
			body,
			url,
			secret: '',
			method: 'POST',
			path: '',
			query: '',
			header: () => '',
		};
		for (const piece of template.fill(parts)) hmac.update(piece);
		return headersOf(recipe, proof, hash, { timestamp, id, signature: hmac.digest(recipe.encoding) });
	};
}

function headersOf(
	{ headers, form }: Recipe,
	{ version }: HmacProof,
	hash: Hash,
	{ timestamp, id, signature }: { timestamp: string; id: string; signature: string },
): Record<string, string> {
	const written: Record<string, string> = {};
	if (headers.timestamp !== undefined) written[headers.timestamp] = timestamp;
	if (headers.id !== undefined) written[headers.id] = id;
	switch (form.kind) {
		case 'single':
		case 'list':
			written[headers.signature] = `${form.prefix.replace('{hash}', hash)}${signature}`;
			break;
		case 'versions':
			written[headers.signature] = `${version ?? ''},${signature}`;
			break;
		case 'pairs':
			written[headers.signature] =
				`${form.timestampKey}=${timestamp}${form.separator === 'any' ? ',' : form.separator}${form.signatureKey}=${signature}`;
	}
	return written;
}

function writeTimestamp(nowMs: number, unit: TimestampUnit): string {
	switch (unit) {
		case 'seconds':
			return String(Math.floor(nowMs / 1_000));
		case 'rfc3339':
			return rfc3339(nowMs);
		case 'any':
		case 'milliseconds':
			return String(nowMs);
	}
}
