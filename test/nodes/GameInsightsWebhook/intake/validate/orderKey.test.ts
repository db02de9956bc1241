import { orderKeyOf } from '../../../../../nodes/GameInsightsWebhook/intake/validate/orderKey';
import { readJson } from '../../../../../nodes/shared/json/readJson';

const keyIn = (text: string, path = 'user_id'): string | null => orderKeyOf(readJson(text), path.split('.'));

describe('the value that puts an event in order', () => {
	it.each([
		['{"user_id":"u1"}', 'user_id', '=u1'],
		['{"properties":{"match":{"id":7}}}', 'properties.match.id', '=7'],
		['{"user_id":true}', 'user_id', '=true'],
		['{"user_id":76561198000000001234}', 'user_id', '=76561198000000001234'],
		['{"__proto__":{"a":"x"}}', '__proto__.a', '=x'],
	])('of %s at %s is %s', (text, path, key) => {
		expect(keyIn(text, path)).toBe(key);
	});

	it.each([
		['{}', 'user_id'],
		['{"user_id":""}', 'user_id'],
		['{"user_id":null}', 'user_id'],
		['{"user_id":{"a":1}}', 'user_id'],
		['{"user_id":["a"]}', 'user_id'],
		['{"user_id":"u1"}', 'user_id.length'],
		['{}', 'constructor.name'],
		['{}', '__proto__'],
	])('is not there in %s at %s', (text, path) => {
		expect(keyIn(text, path)).toBeNull();
	});

	it('stands as it is up to 64 characters', () => {
		expect(keyIn(`{"user_id":"${'x'.repeat(64)}"}`)).toBe(`=${'x'.repeat(64)}`);
		expect(keyIn(`{"user_id":"${'x'.repeat(65)}"}`)).toMatch(/^#[\w-]{43}$/);
		const [one, other] = ['\ud800', '\ud801'].map((half) =>
			orderKeyOf({ user_id: `${'x'.repeat(65)}${half}` }, ['user_id']),
		);
		expect(one).not.toBe(other);
	});

	it('is the same for a number and its text, and different for long texts that begin alike', () => {
		expect(keyIn('{"user_id":5}')).toBe(keyIn('{"user_id":"5"}'));
		const long = 'x'.repeat(100_000);
		const [one, other] = [`${long}1`, `${long}2`].map((user_id) => keyIn(JSON.stringify({ user_id })));
		expect(one).toHaveLength(44);
		expect(one).not.toBe(other);
	});
});
