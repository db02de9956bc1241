import { createPublicKey, type KeyObject } from 'crypto';
import { isOfSmallOrder } from './ed25519';
import { UnusableCredential } from './unusableCredential';

/** One PEM block (RFC 7468), with or without its line breaks. */
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/;

/** The type of a PEM block, and the clean text of the block. */
export interface PemBlock {
	readonly label: string;
	readonly pem: string;
}

/**
 * Finds the PEM block in a text. Forms and environment variables may have removed line breaks, written them
 * as `
 * `, or added invisible characters. Undefined when there is no block.
 */
export function findPemBlock(text: string): PemBlock | undefined {
	const seen = text
		.replaceAll('\\n', '\n')
		.replace(/\p{Cf}/gu, '')
		.replace(/\p{Z}/gu, ' ');
	const [, label, content] = PEM_BLOCK.exec(seen) ?? [];
	if (label === undefined || content === undefined) return undefined;
	return {
		label,
		pem: `-----BEGIN ${label}-----\n${content.replaceAll(/\s/g, '')}\n-----END ${label}-----\n`,
	};
}

/**
 * Reads a public key (SubjectPublicKeyInfo or PKCS#1) or an X.509 certificate. A certificate's dates and
 * issuer are not checked: it is trusted because its owner entered it here.
 * @throws UnusableCredential
 */
export function readPublicKeyPem(text: string): KeyObject {
	const block = findPemBlock(text);
	if (block === undefined) {
		throw new UnusableCredential(
			'The field "Public Key" holds no PEM: copy everything from "-----BEGIN PUBLIC KEY-----" to "-----END PUBLIC KEY-----".',
		);
	}
	if (block.label.includes('PRIVATE')) {
		throw new UnusableCredential(
			'The field "Public Key" holds a private key. Checking tokens takes the public one; the private one should never leave the sender.',
		);
	}
	const key = parse(block.pem);
	if (key === undefined) {
		throw new UnusableCredential(
			"The public key can't be read: the PEM is damaged or incomplete. Copy it again.",
		);
	}
	if (key.asymmetricKeyType === 'ed25519' && isOfSmallOrder(rawBytes(key))) {
		throw new UnusableCredential(
			"The public key belongs to no private key: anybody's signature would fit it.",
		);
	}
	return key;
}

function rawBytes(key: KeyObject): Buffer {
	return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

function parse(pem: string): KeyObject | undefined {
	try {
		return createPublicKey(pem);
	} catch {
		return undefined;
	}
}
