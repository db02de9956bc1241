import { linesOf } from '../../../../nodes/shared/events/lines';

describe('linesOf', () => {
	it.each([
		['', []],
		['\n\n', []],
		[' \t\r\n\r\n', []],
		['a', [['a', 1]]],
		['a\n', [['a', 1]]],
		[
			'a\nb',
			[
				['a', 1],
				['b', 2],
			],
		],
		[
			'a\r\nb\r\n',
			[
				['a', 1],
				['b', 2],
			],
		],
		[
			'a\n\n \nb',
			[
				['a', 1],
				['b', 4],
			],
		],
		['\na', [['a', 2]]],
		[' a \r\r\n', [[' a \r', 1]]],
		['a\u2028b\u0085c', [['a\u2028b\u0085c', 1]]],
		['\r\na', [['a', 2]]],
		['\r \na', [['a', 2]]],
	])('of %j are %j', (text, lines) => {
		const found = Array.from(linesOf(text));
		expect(found.map((line) => [line.text, line.number])).toEqual(lines);
		expect(found.map((line) => text.slice(line.start, line.start + line.text.length))).toEqual(
			lines.map(([line]) => line),
		);
	});
});
