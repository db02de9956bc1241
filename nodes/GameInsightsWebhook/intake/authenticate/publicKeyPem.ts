import { createPublicKey, type KeyObject } from 'crypto';
import { UnusableCredential } from './unusableCredential';

/** One PEM block (RFC 7468), whatever became of its line breaks. */
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/;

/**
 * Reads a public key (SubjectPublicKeyInfo or PKCS#1) or an X.509 certificate. Line breaks may be lost or written as
 * `\n`, as it happens when a key goes through forms and environment variables. A certificate's dates and issuer are
 * not checked: it is trusted because its owner put it here.
 * @throws UnusableCredential
 */
export function readPublicKeyPem(text: string): KeyObject {
	const [, label, content] = PEM_BLOCK.exec(text.replaceAll('\\n', '\n')) ?? [];
	if (label === undefined || content === undefined) {
		throw new UnusableCredential(
			'The field "Public Key" holds no PEM: copy everything from "-----BEGIN PUBLIC KEY-----" to "-----END PUBLIC KEY-----".',
		);
	}
	if (label.includes('PRIVATE')) {
		throw new UnusableCredential(
			'The field "Public Key" holds a private key. Checking tokens takes the public one; the private one should never leave the sender.',
		);
	}
	const pem = `-----BEGIN ${label}-----\n${content.replaceAll(/\s/g, '')}\n-----END ${label}-----\n`;
	const key = parse(pem);
	if (key === undefined) {
		throw new UnusableCredential(
			"The public key can't be read: the PEM is damaged or incomplete. Copy it again.",
		);
	}
	return key;
}

function parse(pem: string): KeyObject | undefined {
	try {
		return createPublicKey(pem);
	} catch {
		return undefined;
	}
}
