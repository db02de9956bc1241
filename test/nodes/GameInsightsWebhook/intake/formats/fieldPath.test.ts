import { keysOf } from '../../../../../nodes/shared/formats/format';
import { readPath, readPaths } from '../../../../../nodes/GameInsightsWebhook/intake/formats/fieldPath';
import { incomingRequest } from '../../../../support/incomingRequest';

const around = (more: object = {}) => ({
	body: { app: { id: 'of the body' }, ...more },
	request: incomingRequest({ headers: [['X-App', 'of the header']] }),
});

describe('a path', () => {
	it.each([
		['', []],
		['a', ['a']],
		['a.b.c', ['a', 'b', 'c']],
		['.', undefined],
		['a..b', undefined],
	])('%j is the names %j', (path, keys) => {
		expect(keysOf(path)).toEqual(keys);
	});

	it.each([
		['app.id', 'of the event'],
		['$.app.id', 'of the body'],
		['$header.x-app', 'of the header'],
		['$header.X-App', 'of the header'],
		['app.name', undefined],
		['$.app.name', undefined],
		['$header.x-other', undefined],
		['$header.toString', undefined],
	])('%s leads to what is there: %j', (path, value) => {
		expect(readPath(path)?.({ app: { id: 'of the event' } }, around())).toBe(value);
	});

	it('leads to no text outside of the event that is longer than 1,024 characters: it would stand in each event', () => {
		const long = 'x'.repeat(1_025);
		const read = (path: string, text: string) => readPath(path)?.({ text }, around({ text }));
		expect(read('$.text', long.slice(1))).toBe(long.slice(1));
		expect(read('$.text', long)).toBeUndefined();
		expect(read('text', long)).toBe(long);
	});

	it('that is guarded counts only where another place holds a certain text', () => {
		const [lookup] = readPaths([{ path: 'id', where: ['kind', 'player'] }]);
		expect(lookup?.({ kind: 'player', id: '7' }, around())).toBe('7');
		expect(lookup?.({ kind: 'title', id: '7' }, around())).toBeUndefined();
		expect(lookup?.({ id: '7' }, around())).toBeUndefined();
	});

	it.each(['a..b', '$header.'])('of a preset must be one: %s', (path) => {
		expect(() => readPaths(['a', path])).toThrow(new TypeError(`"${path}" is not a path`));
	});
});
