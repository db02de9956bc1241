import { buildAuthenticator } from '../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import type { Receipt } from '../../nodes/GameInsightsWebhook/intake/receipt';
import { receive } from '../../nodes/GameInsightsWebhook/intake/receive';
import { buildIntakeRules, type IntakeSettings } from '../../nodes/GameInsightsWebhook/intake/rules';
import { readSettings } from '../../nodes/GameInsightsWebhook/panel/settings';
import { incomingRequest, type RequestParts } from './incomingRequest';

/** What an endpoint takes when its owner changed nothing. */
export const USUAL_SETTINGS: IntakeSettings = readSettings({}).intake;

const API_KEY = 'a key of thirty-two characters...';
const authenticate = buildAuthenticator('apiKey', { apiKey: API_KEY });

/** What becomes of a request from a sender who holds the API key; JSON unless its headers say otherwise. */
export async function taken(parts: RequestParts, settings: Partial<IntakeSettings> = {}): Promise<Receipt> {
	const { headers = [['Content-Type', 'application/json']] } = parts;
	const request = incomingRequest({ ...parts, headers: [['X-API-Key', API_KEY], ...headers] });
	return receive(request, buildIntakeRules({ ...USUAL_SETTINGS, ...settings }), authenticate);
}

/** As {@link taken}, for a body that is given as a value. */
export async function takenJson(body: unknown, settings: Partial<IntakeSettings> = {}): Promise<Receipt> {
	return taken({ body: JSON.stringify(body) }, settings);
}
