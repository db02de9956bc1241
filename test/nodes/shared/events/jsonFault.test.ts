import fc from 'fast-check';
import { explainJsonFault, jsonFaultAt } from '../../../../nodes/shared/events/jsonFault';
import { inputs } from '../../../support/quick';

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

/** Texts that are JSON or nearly so. */
const nearlyJson = fc.oneof(
	fc.json(),
	fc
		.tuple(fc.json(), fc.nat(), fc.nat(3), fc.string({ maxLength: 3 }))
		.map(([json, place, removed, added]) => {
			const at = place % (json.length + 1);
			return json.slice(0, at) + added + json.slice(at + removed);
		}),
	fc.string({ unit: fc.constantFrom(...'{}[]:,"\\u0019-+.eE tfn\n\t\r\u0001') }),
	fc.string(),
);

describe('jsonFaultAt', () => {
	it('finds a fault exactly where JSON.parse does', () => {
		fc.assert(
			fc.property(nearlyJson, (text) => {
				expect(jsonFaultAt(text) === null).toBe(isJson(text));
			}),
			{ numRuns: inputs(1_500) },
		);
	});

	it('calls the first character wrong after which nothing could make the text JSON', () => {
		fc.assert(
			fc.property(nearlyJson, (text) => {
				const at = jsonFaultAt(text);
				fc.pre(at !== null);
				expect(at).toBeLessThanOrEqual(text.length);
				// What stands before the fault only breaks off.
				expect(jsonFaultAt(text.slice(0, at))).toBe(isJson(text.slice(0, at)) ? null : at);
			}),
			{ numRuns: inputs(1_500) },
		);
	});

	it.each([
		['1 MiB of opening brackets', '['.repeat(1024 * 1024)],
		['1 MiB of opening braces', '{"a":'.repeat(200 * 1024)],
		['1 MiB of a text without an end', `"${'a'.repeat(1024 * 1024)}`],
		['1 MiB of white space', ' '.repeat(1024 * 1024)],
	])('finds where %s break off', (_, text) => {
		expect(jsonFaultAt(text)).toBe(text.length);
	});
});

describe('explainJsonFault', () => {
	it.each([
		['', 'it breaks off at line 1, column 1'],
		['{"a": 1', 'it breaks off at line 1, column 8'],
		['{"a": "b', 'it breaks off at line 1, column 9'],
		['{"a": "\\', 'it breaks off at line 1, column 9'],
		['{"a": "\\u00', 'it breaks off at line 1, column 12'],
		['{"a": -', 'it breaks off at line 1, column 8'],
		['{"a": 1.', 'it breaks off at line 1, column 9'],
		['{"a": 1e+', 'it breaks off at line 1, column 10'],
		['{"a": tru', 'it breaks off at line 1, column 10'],
		['{"a": 1,\n}', 'unexpected "}" at line 2, column 1'],
		['[1,\n2,\n]', 'unexpected "]" at line 3, column 1'],
		["{'a': 1}", 'unexpected "\'" at line 1, column 2'],
		['{a: 1}', 'unexpected "a" at line 1, column 2'],
		['{"a" 1}', 'unexpected "1" at line 1, column 6'],
		['{"a": NaN}', 'unexpected "N" at line 1, column 7'],
		['{"a": nul}', 'unexpected "}" at line 1, column 10'],
		['{"a": 01}', 'unexpected "1" at line 1, column 8'],
		['{"a": +1}', 'unexpected "+" at line 1, column 7'],
		['{"a": .5}', 'unexpected "." at line 1, column 7'],
		['{"a": 1.}', 'unexpected "}" at line 1, column 9'],
		['{"a": 1e}', 'unexpected "}" at line 1, column 9'],
		['{"a": "b\tc"}', 'unexpected "\\t" at line 1, column 9'],
		['{"a": "\\x"}', 'unexpected "x" at line 1, column 9'],
		['{"a": "\\u00g0"}', 'unexpected "g" at line 1, column 12'],
		['{"a": 1} {"b": 2}', 'unexpected "{" at line 1, column 10'],
		['{"a": [1}', 'unexpected "}" at line 1, column 9'],
		['😀', 'unexpected "😀" at line 1, column 1'],
		['\u0000', 'unexpected "\\u0000" at line 1, column 1'],
		['{"\\:1}', 'unexpected ":" at line 1, column 4'],
		['["\\u00,1]', 'unexpected "," at line 1, column 7'],
		['["\\u00e9" 1]', 'unexpected "1" at line 1, column 11'],
		['["\\u00e9e9" 1]', 'unexpected "1" at line 1, column 13'],
		['[1E]', 'unexpected "]" at line 1, column 4'],
		['[1E5 1]', 'unexpected "1" at line 1, column 6'],
		['[1,\r\n\t]', 'unexpected "]" at line 2, column 2'],
	])('explains %j: %s', (text, explanation) => {
		expect(explainJsonFault(text, 1)).toBe(explanation);
	});

	it('says when a text is nested too deep, which no character is to blame for', () => {
		expect(explainJsonFault('['.repeat(100_001), 1)).toBe(
			'it nests lists and objects more than 100,000 levels deep',
		);
	});

	it('counts on from the line that the text starts at', () => {
		expect(explainJsonFault('{"a" 1}', 7)).toBe('unexpected "1" at line 7, column 6');
	});
});
