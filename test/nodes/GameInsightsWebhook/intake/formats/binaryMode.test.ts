import { readBinaryMode } from '../../../../../nodes/GameInsightsWebhook/intake/formats/cloudEvents';
import { UnreadableBody } from '../../../../../nodes/shared/events/unreadableBody';
import { incomingRequest } from '../../../../support/incomingRequest';

type Headers = ReadonlyArray<readonly [name: string, value: string]>;

const VERSION = ['ce-specversion', '1.0'] as const;
const read = (headers: Headers, body: string | Buffer = '') =>
	readBinaryMode(incomingRequest({ headers, body }));
const json = (text: string) => ({ format: 'json', text });

describe('a CloudEvent in binary mode becomes one in structured mode', () => {
	it.each<[Headers, string, string]>([
		[[], '', '{"specversion":"1.0"}'],
		[[['CE-Type', 'a']], '', '{"specversion":"1.0","type":"a"}'],
		[[], '{"a":1.50}', '{"specversion":"1.0","data":{"a":1.50}}'],
		[[], 'no JSON', '{"specversion":"1.0","data":"no JSON"}'],
		[
			[['Content-Type', 'text/json']],
			'{"a":1}',
			'{"specversion":"1.0","datacontenttype":"text/json","data":{"a":1}}',
		],
		[
			[['Content-Type', 'text/plain; charset=utf-8']],
			'5',
			'{"specversion":"1.0","datacontenttype":"text/plain; charset=utf-8","data":"5"}',
		],
	])('with the headers %j and the data %j', (headers, body, text) => {
		expect(read([VERSION, ...headers], body)).toEqual(json(text));
	});

	it('with data that is no text as base64, unless it should be JSON', () => {
		const bytes = Buffer.from('89504e47ff', 'hex');
		expect(read([VERSION], bytes)).toEqual(json('{"specversion":"1.0","data_base64":"iVBOR/8="}'));
		expect(read([VERSION, ['Content-Type', 'application/json']], bytes)).toEqual(
			new UnreadableBody(400, 'encoding', 'The body is not valid UTF-8'),
		);
	});

	// github.com/cloudevents/spec, cloudevents/bindings/http-protocol-binding.md, section 3.1.3.2.
	it.each([
		['Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'],
		['"quoted \\"text\\" \\\\ %20"', 'quoted "text" \\  '],
		['"quoted" and more', '"quoted" and more'],
		['more and "quoted"', 'more and "quoted"'],
		['100%', '100%'],
		['%2x%zz', '%2x%zz'],
		['%252x', '%2x'],
		['', ''],
	])('with the header %j read as %j', (header, subject) => {
		expect(read([VERSION, ['ce-subject', header]])).toEqual(
			json(JSON.stringify({ specversion: '1.0', subject })),
		);
	});

	it('without a header that came as a list', () => {
		const headers = { 'ce-specversion': '1.0', 'ce-list': ['a', 'b'] };
		expect(readBinaryMode({ ...incomingRequest({}), headers })).toEqual(json('{"specversion":"1.0"}'));
	});

	it.each<[Headers, string, UnreadableBody]>([
		[
			[['ce-subject', '%ff']],
			'',
			new UnreadableBody(400, 'encoding', 'The header ce-subject is not percent-encoded UTF-8'),
		],
		[
			[['Content-Type', 'application/json']],
			'{"a":}',
			new UnreadableBody(400, 'json', 'The data is not valid JSON: unexpected "}" at line 1, column 6'),
		],
		[
			[['Content-Encoding', 'br']],
			'x',
			new UnreadableBody(
				415,
				'encoding',
				'The Content-Encoding "br" is not supported: send gzip, deflate or none',
			),
		],
	])('unless it can not be read: %j %j', (headers, body, fault) => {
		expect(read([VERSION, ...headers], body)).toEqual(fault);
	});

	it.each<[Headers]>([
		[[]],
		[[['Content-Type', 'application/json']]],
		[[VERSION, ['Content-Type', 'application/cloudevents+json']]],
		[[VERSION, ['Content-Type', 'application/cloudevents-batch+json; charset=utf-8']]],
	])('and a request in another mode is none: %j', (headers) => {
		expect(read(headers, '{}')).toBeNull();
	});
});
