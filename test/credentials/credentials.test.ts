import { NodeHelpers, type ICredentialType, type INodeParameters } from 'n8n-workflow';
import { GameInsightsApiKeyApi } from '../../credentials/GameInsightsApiKeyApi.credentials';
import { GameInsightsHmacApi } from '../../credentials/GameInsightsHmacApi.credentials';
import { GameInsightsJwtApi } from '../../credentials/GameInsightsJwtApi.credentials';
import { examineCredential } from '../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import type { AuthenticationMethod } from '../../nodes/shared/authenticationMethod';
import { HASHES } from '../../nodes/GameInsightsWebhook/intake/authenticate/schemes/scheme';
import { CUSTOM, SCHEMES } from '../../nodes/GameInsightsWebhook/intake/authenticate/schemes/schemes';
import {
	KEY_PAIR_ALGORITHMS,
	SECRET_ALGORITHMS,
} from '../../nodes/GameInsightsWebhook/intake/authenticate/tokenAlgorithms';

const apiKey = new GameInsightsApiKeyApi();
const hmac = new GameInsightsHmacApi();
const jwt = new GameInsightsJwtApi();

/** What a node gets of a credential, by n8n's own rules for defaults and for fields that don't apply. */
function decrypted({ properties }: ICredentialType, filledIn: INodeParameters = {}): INodeParameters {
	return NodeHelpers.getNodeParameters(properties, filledIn, true, false, null, null) ?? {};
}

/** The values on offer in a field, over all its variants. */
function offered({ properties }: ICredentialType, field: string): unknown[] {
	return properties
		.filter(({ name }) => name === field)
		.flatMap(({ options = [] }) => options.map((option) => ('value' in option ? option.value : undefined)));
}

describe('the credentials', () => {
	it('start from the defaults that are promised', () => {
		expect(decrypted(apiKey)).toEqual({
			apiKey: '',
			sentIn: 'header',
			keyRotation: false,
			previousApiKey: '',
			headerName: 'X-API-Key',
			sending: false,
			webhookUrl: '',
		});
		expect(decrypted(hmac)).toEqual({
			scheme: 'gameInsights',
			gameInsightsSetUp: '',
			secretKey: '',
			keyRotation: false,
			previousSecretKey: '',
			hmacAlgorithm: 'sha256',
			timestampTolerance: 0,
			sending: false,
			webhookUrl: '',
		});
		expect(decrypted(jwt)).toEqual({
			keyType: 'secret',
			secret: '',
			algorithms: [],
			issuer: '',
			audience: '',
			requiredClaims: '',
			requireExpiry: false,
			clockTolerance: 30,
			maxTokenAge: 0,
			headerName: 'Authorization',
			sending: false,
			webhookUrl: '',
		});
	});

	it.each([
		['apiKey', apiKey],
		['hmac', hmac],
		['jwt', jwt],
	] as Array<[AuthenticationMethod, ICredentialType]>)(
		'let nobody in by %s before they are filled in',
		async (method, type) => {
			expect(await examineCredential(method, decrypted(type))).toMatchObject({ usable: false });
		},
	);

	it.each([
		['apiKey', apiKey, { apiKey: 'thirty-two characters, and some more' }],
		['hmac', hmac, { secretKey: 'thirty-two characters, and some more' }],
		['jwt', jwt, { secret: 'thirty-two characters, and some more' }],
	] as Array<[AuthenticationMethod, ICredentialType, INodeParameters]>)(
		'need no more than a secret to work by %s',
		async (method, type, filledIn) => {
			expect(await examineCredential(method, decrypted(type, filledIn))).toEqual({
				usable: true,
				findings: [],
			});
		},
	);

	it.each([
		['whsec_5f0c1f570b534f1c9d0a3a5f7c7d4e11', []],
		['sk_live_5f0c1f570b534f1c9d0a3a5f7c7d4e11', ['should begin with whsec_']],
		['rk_live_5f0c1f570b534f1c9d0a3a5f7c7d4e11', ['should begin with whsec_']],
		['we_1NfWq2LkdIwHu7ix5f0c1f57', ['should begin with whsec_']],
		['WHSEC_5f0c1f570b534f1c9d0a3a5f7c7d4e11', ['should begin with whsec_']],
	])('want the signing secret of Stripe, and say so: %s', async (secretKey, words) => {
		const { findings } = await examineCredential('hmac', decrypted(hmac, { scheme: 'stripe', secretKey }));
		expect(findings).toEqual(words.map((part) => expect.stringContaining(part)));
	});

	it('call the secret of each sender what that sender calls it', () => {
		const labels = (scheme: string) =>
			hmac.properties
				.filter(({ name, displayOptions }) => {
					if (name !== 'secretKey') return false;
					const { show, hide } = displayOptions ?? {};
					const isShown = show?.scheme === undefined || show.scheme.includes(scheme);
					return isShown && hide?.scheme?.includes(scheme) !== true;
				})
				.map(({ displayName }) => displayName);
		expect(labels('stripe')).toEqual(['Signing Secret']);
		expect(labels('github')).toEqual(['Secret Key']);
		expect(labels('discord')).toEqual([]);
	});

	it('fold away what only a change of keys or sending needs, and keep what was filled in', () => {
		const more = { previousApiKey: 'old', webhookUrl: 'https://n8n.test/webhook/1' };
		const pem = { keyType: 'publicKey', privateKey: 'pem', keyId: 'k' };
		for (const isShown of [
			{},
			{ keyRotation: true, sending: true },
			{ keyRotation: false, sending: false },
		]) {
			expect(decrypted(apiKey, { apiKey: 'new', ...more, ...isShown })).toMatchObject(more);
			expect(decrypted(hmac, { previousSecretKey: 'old', ...isShown })).toMatchObject({
				previousSecretKey: 'old',
			});
			expect(decrypted(jwt, { ...pem, ...isShown })).toMatchObject(pem);
		}
	});

	it('offer sending only for senders that can be played', () => {
		for (const scheme of [...SCHEMES.keys(), CUSTOM]) {
			const isOffered = 'sending' in decrypted(hmac, { scheme });
			expect([scheme, isOffered]).toEqual([
				scheme,
				['gameInsights', 'standardWebhooks', 'custom'].includes(scheme),
			]);
		}
	});

	it('offer what can be checked, and nothing else', () => {
		expect(offered(hmac, 'scheme').sort()).toEqual([...SCHEMES.keys(), CUSTOM].sort());
		expect(offered(hmac, 'hmacAlgorithm').sort()).toEqual([...HASHES].sort());
		expect(offered(jwt, 'algorithms').sort()).toEqual(
			[...KEY_PAIR_ALGORITHMS, ...Object.keys(SECRET_ALGORITHMS)].sort(),
		);
	});

	it('say for each sender, and for no other one, what is to be done there', () => {
		for (const scheme of [...SCHEMES.keys(), CUSTOM]) {
			const shown = hmac.properties.filter(
				({ type, displayOptions }) => type === 'notice' && displayOptions?.show?.scheme?.includes(scheme),
			);
			expect(shown).toHaveLength(1);
			// n8n shows no other markup in a notice than links and lists.
			expect(shown[0]?.displayName).not.toMatch(/<(?!\/?(a|ul|li)\b)/);
			expect(shown[0]?.displayName.length).toBeGreaterThan(50);
		}
	});

	it.each([apiKey, hmac, jwt])(
		'hide what is secret, show what is not, and have words for each field',
		({ properties }) => {
			for (const { name, displayName, description, typeOptions } of properties) {
				expect({ name, hidden: typeOptions?.password ?? false }).toEqual({
					name,
					hidden: [
						'apiKey',
						'previousApiKey',
						'secretKey',
						'previousSecretKey',
						'secret',
						'privateKey',
					].includes(name),
				});
				expect(displayName).not.toBe('');
				expect(description ?? 'by its options').not.toBe('');
			}
		},
	);
});
