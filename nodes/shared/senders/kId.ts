import { at } from './at';
import type { Recipe, Scheme } from './scheme';

const recipe: Recipe = {
	headers: { signature: 'x-signature-hmac-sha256', timestamp: 'x-signature-timestamp' },
	form: { kind: 'single', prefix: '' },
	encoding: 'hex',
	signedContent: '{timestamp}{body}',
	proofs: [{ kind: 'hmac', hash: 'sha256', secretEncoding: 'utf8' }],
};

/**
 * k-ID's age and consent checks. The second recipe is the one that k-ID described before it changed to HMAC.
 * k-ID recommends `data.id` for recognising repeats. But that is the id of a challenge, which comes with each
 * state of the challenge, so it does not identify a notification. Source:
 * docs.k-id.com/events/webhooks/overview and docs.k-id.com/webhooks.
 */
export const kId: Scheme = {
	displayName: 'k-ID',
	description: 'Age checks and parental consent',
	setUp:
		'In the k-ID Compliance Studio open Developer Settings of your product, enter the production URL of the node and copy the webhook secret.',
	recipes: [
		recipe,
		{
			...recipe,
			headers: { signature: 'x-signature-sha256', timestamp: 'x-signature-timestamp' },
			signedContent: '{secret}{timestamp}{body}',
			proofs: [{ kind: 'digest', hash: 'sha256' }],
		},
	],
	timestamp: { unit: 'seconds', toleranceSeconds: 300 },
	secretIsChosenByUser: false,
	repeatsOn: 'failure',
	event: ({ body }) => ({ type: at(body, 'eventType') }),
};
