import { textField, type CredentialData } from '../credential/credentialField';
import { UnusableCredential } from '../credential/unusableCredential';
import { readCustomScheme } from './custom';
import { discord } from './discord';
import { gameInsights } from './gameInsights';
import { github } from './github';
import { kId } from './kId';
import { paddle } from './paddle';
import { roblox } from './roblox';
import type { Scheme } from './scheme';
import { shopify } from './shopify';
import { slack } from './slack';
import { square } from './square';
import { standardWebhooks } from './standardWebhooks';
import { stripe } from './stripe';
import { tebex } from './tebex';
import { twitch } from './twitch';
import { unityBuild } from './unityBuild';
import { xsolla } from './xsolla';
import { zoom } from './zoom';

/** All senders with a record, by the value of the credential's field `scheme`. */
export const SCHEMES: ReadonlyMap<string, Scheme> = new Map(
	Object.entries({
		gameInsights,
		standardWebhooks,
		github,
		stripe,
		shopify,
		slack,
		twitch,
		roblox,
		xsolla,
		tebex,
		discord,
		unityBuild,
		paddle,
		square,
		kId,
		zoom,
	}),
);

/** The name of the sender that is described in the credential. */
export const CUSTOM = 'custom';

/**
 * The sender that a credential names.
 * @throws UnusableCredential
 */
export function readScheme(data: CredentialData): Scheme {
	const name = textField(data, 'scheme') || 'gameInsights';
	if (name === CUSTOM) return readCustomScheme(data);
	const scheme = SCHEMES.get(name);
	if (scheme === undefined)
		throw new UnusableCredential('The field "Sender" holds a sender that is not known.');
	return scheme;
}
