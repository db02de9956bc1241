import { readSignatureBytes } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/signatureBytes';

describe('the bytes of a signature', () => {
	it.each([
		['hex', '00ff7A', [0x00, 0xff, 0x7a]],
		['base64', 'AP96', [0x00, 0xff, 0x7a]],
		['base64', 'AP8=', [0x00, 0xff]],
		['base64', 'AA==', [0x00]],
		['base64url', '_-8', [0xff, 0xef]],
		['base64url', '_-8=', [0xff, 0xef]],
		['base64url', '_w', [0xff]],
		['base64url', '_w==', [0xff]],
		['base64url', '_--_', [0xff, 0xef, 0xbf]],
	] as const)('are read from %s: %s', (encoding, text, bytes) => {
		expect(readSignatureBytes(text, encoding)).toEqual(Buffer.from(bytes));
	});

	it.each([
		['hex', ''],
		['hex', '0'],
		['hex', '00f'],
		['hex', '0x00'],
		['hex', '00 ff'],
		['hex', '00gg'],
		['hex', '00ff\n'],
		['base64', ''],
		['base64', 'AP8'],
		['base64', 'AP9='],
		['base64', 'AP8==='],
		['base64', ' AP96'],
		['base64', 'AP96\n'],
		['base64', 'A P96'],
		['base64', 'AP-_'],
		['base64', 'AP96AP96!'],
		['base64', '===='],
		['base64url', ''],
		['base64url', '/+8='],
		['base64url', '_w='],
		['base64url', '_w==='],
		['base64url', '_-8=='],
		['base64url', '_--_===='],
		['base64url', '_-9'],
		['base64url', '_-8 '],
	] as const)('are in nothing that %s writes otherwise: %j', (encoding, text) => {
		expect(readSignatureBytes(text, encoding)).toBeUndefined();
	});
});
