import { decodeUtf8, showBody } from '../../../../../nodes/GameInsightsWebhook/intake/parse/decode';
import { UnreadableBody } from '../../../../../nodes/shared/events/unreadableBody';
import { incomingRequest } from '../../../../support/incomingRequest';

describe('decodeUtf8', () => {
	it.each(['', '{}', 'ä€😀', '\u0000', '\uFFFD', '{"a":"\u2028"}'])(
		'gives the text %j as it was sent',
		(text) => {
			expect(decodeUtf8(Buffer.from(text))).toBe(text);
		},
	);

	it('leaves the byte order mark away, once', () => {
		expect(decodeUtf8(Buffer.from('\uFEFF{}'))).toBe('{}');
		expect(decodeUtf8(Buffer.from('\uFEFF\uFEFF{}'))).toBe('\uFEFF{}');
	});

	it.each([
		['a lone continuation byte', [0x22, 0x80, 0x22]],
		['a sequence that breaks off', [0x22, 0xc3]],
		['an overlong slash', [0xc0, 0xaf]],
		['half of a surrogate pair', [0xed, 0xa0, 0x80]],
		['a code point beyond Unicode', [0xf5, 0x80, 0x80, 0x80]],
		['Latin-1', [0x22, 0xe4, 0x22]],
		['UTF-16 with its byte order mark', [0xff, 0xfe, 0x7b, 0x00]],
	])('can not read %s', (_, bytes) => {
		expect(decodeUtf8(Buffer.from(bytes))).toEqual(
			new UnreadableBody(400, 'encoding', 'The body is not valid UTF-8'),
		);
	});

	it('reads the next body after one that it could not read', () => {
		decodeUtf8(Buffer.from([0x22, 0xc3]));
		expect(decodeUtf8(Buffer.from('{}'))).toBe('{}');
	});
});

describe('showBody', () => {
	const shown = (type: string, body: Buffer): string =>
		showBody(incomingRequest({ headers: [['Content-Type', type]], body }));

	it('puts U+FFFD for bytes that are not UTF-8', () => {
		expect(shown('application/json', Buffer.from([0x7b, 0xff, 0x7d]))).toBe('{\uFFFD}');
	});

	it('reads a body in the charset that it is labelled with', () => {
		expect(shown('application/json; charset=utf-16', Buffer.from('{"a":"ä"}', 'utf16le'))).toBe('{"a":"ä"}');
		expect(shown('application/json; charset=iso-8859-1', Buffer.from('ä', 'latin1'))).toBe('ä');
	});

	it('tells big-endian UTF-16 by its byte order mark', () => {
		expect(shown('application/json; charset=utf-16', Buffer.from('\uFEFF{}', 'utf16le').swap16())).toBe('{}');
		expect(shown('application/json; charset=utf-16', Buffer.from('\uFEFF{}', 'utf16le'))).toBe('{}');
		expect(shown('application/json', Buffer.from([0xfe, 0x41]))).toBe('\uFFFDA');
	});

	it('falls back to UTF-8 for a charset that nobody knows', () => {
		expect(shown('application/json; charset=klingon', Buffer.from('ä'))).toBe('ä');
	});
});
