import fc from 'fast-check';
import { MAX_DEPTH, unkeepable } from '../../../../../nodes/GameInsightsWebhook/intake/validate/unkeepable';

const nestedArrays = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const nestedObjects = (levels: number): unknown =>
	JSON.parse('{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1));

describe('unkeepable', () => {
	it('lets everything pass that JSON can say', () => {
		fc.assert(
			fc.property(fc.json(), (text) => {
				expect(unkeepable(JSON.parse(text))).toBeNull();
			}),
		);
	});

	it.each([
		['arrays', nestedArrays],
		['objects', nestedObjects],
	])('lets %s pass that are nested 500 levels deep, and none deeper', (_, nested) => {
		const fault = { code: 'depth', path: '', message: 'The event is nested more than 500 levels deep' };
		expect(MAX_DEPTH).toBe(500);
		expect(unkeepable(nested(500))).toBeNull();
		expect(unkeepable(nested(501))).toEqual(fault);
		expect(unkeepable(nested(100_000))).toEqual(fault);
		expect(unkeepable({ properties: [1, nested(499)] })).toEqual(fault);
		expect(unkeepable({ properties: [1, nested(498)] })).toBeNull();
	});

	it('counts a value in the innermost list for no level of its own', () => {
		expect(unkeepable(JSON.parse(`${'['.repeat(500)}1${']'.repeat(500)}`))).toBeNull();
	});

	it.each([
		['{"properties":{"amount":1e400}}', '/properties/amount', '`properties.amount`'],
		['{"a":[1,{"b":-1e999}]}', '/a/1/b', '`a[1].b`'],
		['{"__proto__":{"x":1e309}}', '/__proto__/x', '`__proto__.x`'],
		['1e400', '', 'The event'],
	])('finds the number in %s that no double can hold', (text, path, name) => {
		expect(unkeepable(JSON.parse(text))).toEqual({
			code: 'number',
			path,
			message: `${name} must be a number up to 1.8e308, it is larger`,
		});
	});

	it.each([
		'1.7976931348623157e308',
		'-1.7976931348623157e308',
		'5e-324',
		'1e-999',
		'123456789012345678901234567890',
		'-0',
	])('lets the number %s pass', (text) => {
		expect(unkeepable(JSON.parse(`[${text}]`))).toBeNull();
	});
});
