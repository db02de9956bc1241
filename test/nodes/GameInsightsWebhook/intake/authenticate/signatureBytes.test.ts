import { readSignatureBytes } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/signatureBytes';

describe('the bytes of a signature', () => {
	it.each([
		['hex', '00ff7A', [0x00, 0xff, 0x7a]],
		['base64', 'AP96', [0x00, 0xff, 0x7a]],
		['base64', 'AP8=', [0x00, 0xff]],
		['base64', 'AA==', [0x00]],
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
	] as const)('are in nothing that %s writes otherwise: %j', (encoding, text) => {
		expect(readSignatureBytes(text, encoding)).toBeUndefined();
	});
});
