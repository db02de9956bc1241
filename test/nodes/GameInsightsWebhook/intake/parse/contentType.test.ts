import {
	charsetOf,
	contentTypeOf,
	isJsonType,
	labelledFormat,
} from '../../../../../nodes/GameInsightsWebhook/intake/parse/contentType';
import { UnreadableBody } from '../../../../../nodes/shared/events/unreadableBody';
import { incomingRequest } from '../../../../support/incomingRequest';

const typed = (...types: string[]) =>
	incomingRequest({ headers: types.map((type) => ['Content-Type', type] as const) });
const coded = (...codings: string[]) =>
	incomingRequest({ headers: codings.map((coding) => ['Content-Encoding', coding] as const) });

describe('labelledFormat', () => {
	it.each([
		['application/json', 'json'],
		['APPLICATION/JSON', 'json'],
		[' application/json ', 'json'],
		['application/json;charset=utf-8', 'json'],
		['application/json; charset=UTF-8', 'json'],
		['application/json; charset="utf-8"', 'json'],
		['application/json; charset=utf8', 'json'],
		['application/json; charset=us-ascii', 'json'],
		['application/json; charset=ASCII', 'json'],
		['application/json; profile=x;charset = utf-8', 'json'],
		['application/json;', 'json'],
		['application/json;;charset=utf-8', 'json'],
		['application/json; x="a;charset=utf-16"; charset=utf-8', 'json'],
		['application/json; charset="utf\\-8"', 'json'],
		['application/json; __proto__=x; constructor=y', 'json'],
		['application/vnd.game.event+json', 'json'],
		['application/cloudevents+json; charset=utf-8', 'json'],
		['text/plain', 'json'],
		['text/plain;charset=UTF-8', 'json'],
		['', 'json'],
		['application/x-ndjson', 'ndjson'],
		['application/ndjson', 'ndjson'],
		['application/jsonl; charset=utf-8', 'ndjson'],
		['application/jsonlines', 'ndjson'],
		['application/x-jsonlines;charset=utf-8', 'ndjson'],
		['application/x-jsonl', 'ndjson'],
		['text/x-ndjson', 'ndjson'],
		['text/jsonl', 'ndjson'],
		['text/json', 'json'],
		['Text/JSON; charset=UTF-8', 'json'],
		['application/x-json', 'json'],
		['application/problem+json', 'json'],
		['application/cloudevents-batch+json', 'json'],
		['application/x-www-form-urlencoded', 'form'],
	])('reads the Content-Type %j as %s', (type, format) => {
		expect(labelledFormat(typed(type))).toBe(format);
	});

	it('reads a body without a Content-Type as JSON', () => {
		expect(labelledFormat(incomingRequest({}))).toBe('json');
	});

	it.each([
		'application/xml',
		'text/html',
		'image/png',
		'multipart/form-data; boundary=x',
		'application/octet-stream',
		'application/jsonp',
		'application/json+xml',
		'json',
		'application/json, text/plain',
		'constructor',
		'__proto__',
	])('answers 415 to the Content-Type %j', (type) => {
		expect(labelledFormat(typed(type))).toEqual(
			new UnreadableBody(
				415,
				'media_type',
				`The Content-Type "${type}" is not supported: send application/json or application/x-ndjson`,
			),
		);
	});

	it.each(['utf-16', 'UTF-16LE', 'iso-8859-1', 'utf-7', 'utf-8x'])(
		'answers 415 to the charset %s',
		(charset) => {
			expect(labelledFormat(typed(`application/json; charset=${charset}`))).toEqual(
				new UnreadableBody(
					415,
					'encoding',
					`The charset "${charset.toLowerCase()}" is not supported: send UTF-8`,
				),
			);
		},
	);

	it('answers 415 to a Content-Type that came twice with different values', () => {
		expect(labelledFormat(typed('application/json', 'text/plain'))).toEqual(
			new UnreadableBody(415, 'media_type', 'Content-Type came more than once, with different values'),
		);
	});

	it('looks at no header but the Content-Type, whatever the others say', () => {
		const headers = [
			['X-Request-Id', 'text/csv'],
			['Vary', 'Content-Type'],
			['Accept', 'text/html'],
			['Content-Type', 'application/x-ndjson'],
		] as const;
		expect(labelledFormat(incomingRequest({ headers }))).toBe('ndjson');
	});

	it('takes a Content-Type that came twice with the same value', () => {
		expect(labelledFormat(typed('application/x-ndjson', 'application/x-ndjson'))).toBe('ndjson');
	});

	it.each(['gzip', 'GZIP', 'deflate', 'identity', 'Identity', '', ' ', ',', 'identity, identity'])(
		'takes the Content-Encoding %s, which n8n has undone',
		(coding) => {
			expect(labelledFormat(coded(coding))).toBe('json');
		},
	);

	it.each([
		[['gzip, gzip'], 'gzip, gzip'],
		[['deflate,gzip'], 'deflate,gzip'],
		[['gzip', 'gzip'], 'gzip, gzip'],
		[['deflate', 'GZIP'], 'deflate, GZIP'],
	])('answers 415 to two codings at once: %j', (codings, value) => {
		const message = `The Content-Encoding "${value}" is not supported: send gzip, deflate or none`;
		expect(labelledFormat(coded(...codings))).toEqual(new UnreadableBody(415, 'encoding', message));
	});

	it.each([[['br']], [['zstd']], [['gzip, br']], [['gzip', 'br']], [['x-gzip']]])(
		'answers 415 to the Content-Encoding %j, which nobody has undone',
		(codings) => {
			expect(labelledFormat(coded(...codings))).toEqual(
				new UnreadableBody(
					415,
					'encoding',
					`The Content-Encoding "${codings.at(-1)}" is not supported: send gzip, deflate or none`,
				),
			);
		},
	);
});

describe('charsetOf', () => {
	it.each([
		['application/json', 'utf-8'],
		['application/json; charset=UTF-16', 'utf-16'],
		['application/json; charset="iso-8859-1"; x=y', 'iso-8859-1'],
		['application/json;charset=utf-16', 'utf-16'],
		['application/json;  charset = utf-16', 'utf-16'],
		['application/json; xcharset=utf-16', 'utf-8'],
		['application/json; charsetx=utf-16', 'utf-8'],
		['application/json; charset=', 'utf-8'],
	])('of %j is %s', (type, charset) => {
		expect(charsetOf(typed(type))).toBe(charset);
	});

	it('is utf-8 without a Content-Type', () => {
		expect(charsetOf(incomingRequest({}))).toBe('utf-8');
	});
});

describe('a media type', () => {
	it.each([
		['application/json', true],
		['text/json', true],
		['application/x-json', true],
		['application/vnd.game.event+json', true],
		['', false],
		['text/plain', false],
		['application/x-ndjson', false],
		['application/json-seq', false],
		['+json/application', false],
		['x-application/json', false],
	])('is JSON or not: %j', (type, isJson) => {
		expect(isJsonType(type)).toBe(isJson);
	});

	it.each([
		['Application/JSON; charset=utf-8', 'application/json'],
		['text/plain ;a=b\n;c', 'text/plain'],
		['', ''],
	])('stands bare and in lower case: %j', (header, type) => {
		expect(contentTypeOf(typed(header))).toBe(type);
	});

	it('is empty without a Content-Type', () => {
		expect(contentTypeOf(incomingRequest({}))).toBe('');
	});
});
