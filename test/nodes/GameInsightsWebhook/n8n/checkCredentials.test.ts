import type { ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { credentialTests } from '../../../../nodes/GameInsightsWebhook/n8n/checkCredentials';

type Name = keyof typeof credentialTests;

const test = async (name: Name, data: Record<string, string>): Promise<INodeCredentialTestResult> =>
	await credentialTests[name].call({ helpers: {} } as ICredentialTestFunctions, {
		id: '1',
		name: 'A credential',
		type: name,
		data,
	});

/** What stands at the end of the message. */
const offeredIn = ({ message }: INodeCredentialTestResult): string => message.split(' ').at(-1) ?? '';

describe('a secret that is too short', () => {
	it.each([
		['gameInsightsApiKeyApiTest', 'apiKey', {}],
		['gameInsightsHmacApiTest', 'secretKey', { scheme: 'gameInsights' }],
		[
			'gameInsightsHmacApiTest',
			'secretKey',
			{ scheme: 'custom', signatureHeader: 'X-Sig', secretEncoding: 'base64', signedContent: '{body}' },
		],
		['gameInsightsJwtApiTest', 'secret', { keyType: 'secret' }],
	] as Array<[Name, string, Record<string, string>]>)(
		'is answered with a good one that the test takes: %s %s %j',
		async (name, field, rest) => {
			const short = await test(name, { ...rest, [field]: 'YWJj' });
			expect(short).toMatchObject({ status: 'Error', message: expect.stringContaining('is too short') });
			const offered = offeredIn(short);
			expect(Buffer.from(offered, rest.secretEncoding === 'base64' ? 'base64' : 'hex')).toHaveLength(32);
			expect(await test(name, { ...rest, [field]: offered })).toMatchObject({ status: 'OK' });
		},
	);

	it('is offered another one each time', async () => {
		const offered = new Set<string>();
		for (let times = 0; times < 20; times++)
			offered.add(offeredIn(await test('gameInsightsApiKeyApiTest', { apiKey: 'short' })));
		expect(offered.size).toBe(20);
	});
});

it('a good secret is offered nothing', async () => {
	expect(await test('gameInsightsApiKeyApiTest', { apiKey: 'x'.repeat(16) })).toEqual({
		status: 'OK',
		message: 'Ready to verify requests',
	});
});
