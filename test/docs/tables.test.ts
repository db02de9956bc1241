import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SCHEMES } from '../../nodes/shared/senders/schemes';
import { FORMATS } from '../../nodes/shared/formats/formats';
import { formatsTable, sendersTable, withTable } from '../../scripts/tables';

describe('the tables of senders and formats', () => {
	it.each([
		['events.md', 'formats', formatsTable(FORMATS)],
		['authentication.md', 'senders', sendersTable(FORMATS, SCHEMES)],
	])('in docs/%s are what the records say: run "npm run docs" after a change', (file, name, text) => {
		const page = readFileSync(path.join(__dirname, '../../docs', file), 'utf8');
		expect(page).toBe(withTable(page, name, text));
		expect(page).toContain(text);
	});

	it('name every sender once', () => {
		const rows = sendersTable(FORMATS, SCHEMES).split('\n').slice(2);
		expect(rows).toHaveLength(SCHEMES.size + FORMATS.size);
	});

	it('are missed where a page has no place for them', () => {
		expect(() => withTable('text', 'formats', 'x')).toThrow('The page has no marks for "formats".');
	});
});
