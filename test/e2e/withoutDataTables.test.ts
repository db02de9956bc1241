import { API_KEY, Instance, until } from './instance';
import { accessWith, apiKeyFor } from './journalAccess';
import { post, withKey } from '../support/sender';

/** On an n8n whose public API has no Data Tables; see jest.config.js. */
let instance: Instance;
/**
 * One for all tests: two that n8n 1 makes in the same second are the same token, which its database refuses.
 */
let apiKey: string;

beforeAll(async () => {
	instance = await Instance.shared();
	apiKey = await apiKeyFor(instance.n8n, ['workflow:list']);
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

it('Durable refuses to be activated, with a sentence that says what to do', async () => {
	const access = await accessWith(instance.n8n, apiKey);
	const credentials = { ...(await instance.credential('apiKey')), ...access };
	await expect(instance.endpoint('apiKey', { credentials, parameters: { durable: true } })).rejects.toThrow(
		/no Data Tables API, which Durable needs. Update n8n/,
	);
});

it("the credential's test says the same", async () => {
	const { baseUrl } = instance.n8n;
	expect(await instance.testOf('gameInsightsN8nApi', { baseUrl, apiKey })).toMatchObject({
		status: 'Error',
		message: expect.stringMatching(/no Data Tables/),
	});
});

it('without Durable the same workflow takes events', async () => {
	const endpoint = await instance.endpoint('apiKey');
	expect((await post(endpoint.url, '{"event_type":"a"}', withKey(API_KEY))).status).toBe(200);
	await until('the event', () => instance.sink.from('events').length === 1);
});
