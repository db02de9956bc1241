import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'crypto';
import { SignJWT } from 'jose';
import {
	headerNameField,
	textField,
	type CredentialData,
} from '../../../GameInsightsWebhook/intake/authenticate/credentialField';
import {
	allowAlgorithms,
	fitAlgorithmsToKey,
	KEY_PAIR_ALGORITHMS,
	SECRET_ALGORITHMS,
} from '../../../GameInsightsWebhook/intake/authenticate/tokenAlgorithms';
import { UnusableCredential } from '../../../GameInsightsWebhook/intake/authenticate/unusableCredential';
import type { Signer } from './signer';
import { signingSecret } from './signingSecret';

/** How long a token is good for. Each request has a new one, so it need not outlive a slow request and two clocks. */
const LIFETIME_S = 300;
/** One PEM block (RFC 7468), whatever became of its line breaks. */
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----([A-Za-z0-9+/=\s]+)-----END \1-----/;

/** A key and the algorithm it signs with. */
interface SigningKey {
	readonly key: KeyObject;
	readonly algorithm: string;
}

/**
 * Makes a token (JWT, RFC 7519) for each request, with the issuer and the audience that the credential names.
 * @throws UnusableCredential
 */
export function buildTokenSigner(data: CredentialData): Signer {
	const headerName = headerNameField(data, 'headerName', 'Header Name', 'Authorization');
	const { key, algorithm } =
		textField(data, 'keyType') === 'secret' ? readSecret(data) : readPrivateKey(data);
	const kid = textField(data, 'keyId').trim();
	const issuer = textField(data, 'issuer').trim();
	const audience = textField(data, 'audience').trim();
	const prefix = headerName === 'authorization' ? 'Bearer ' : '';

	return async (_, { nowMs }) => {
		const nowS = Math.floor(nowMs / 1_000);
		const token = new SignJWT()
			.setProtectedHeader({ alg: algorithm, typ: 'JWT', ...(kid === '' ? {} : { kid }) })
			.setIssuedAt(nowS)
			.setExpirationTime(nowS + LIFETIME_S);
		if (issuer !== '') token.setIssuer(issuer);
		if (audience !== '') token.setAudience(audience);
		return { [headerName]: `${prefix}${await token.sign(key)}` };
	};
}

function readSecret(data: CredentialData): SigningKey {
	const secret = Buffer.from(signingSecret(data, 'secret', 'Secret'));
	const allowed = allowAlgorithms(data.algorithms, Object.keys(SECRET_ALGORITHMS));
	// RFC 7518, section 3.2: a key at least as long as the hash. The trigger refuses others, so they are not sent either.
	const algorithm = allowed.find((name) => secret.length * 8 >= (SECRET_ALGORITHMS[name] ?? 0));
	if (algorithm === undefined) {
		throw new UnusableCredential(
			`The field "Secret" is too short for ${allowed.join(', ')}. Make a longer one with "openssl rand -hex 32".`,
		);
	}
	return { key: createSecretKey(secret), algorithm };
}

function readPrivateKey(data: CredentialData): SigningKey {
	const text = signingSecret(data, 'privateKey', 'Private Key');
	const [, label, content] = PEM_BLOCK.exec(text.replaceAll('\\n', '\n')) ?? [];
	const key = label === undefined || content === undefined ? undefined : parse(label, content);
	if (key === undefined) {
		throw new UnusableCredential(
			'The field "Private Key" can\'t be read: copy everything from "-----BEGIN PRIVATE KEY-----" to "-----END PRIVATE KEY-----", of a key without a passphrase.',
		);
	}
	const fitting = fitAlgorithmsToKey(
		allowAlgorithms(data.algorithms, KEY_PAIR_ALGORITHMS),
		createPublicKey(key),
	);
	return { key, algorithm: fitting[0] as string };
}

function parse(label: string, content: string): KeyObject | undefined {
	try {
		return createPrivateKey(
			`-----BEGIN ${label}-----\n${content.replaceAll(/\s/g, '')}\n-----END ${label}-----\n`,
		);
	} catch {
		return undefined;
	}
}
