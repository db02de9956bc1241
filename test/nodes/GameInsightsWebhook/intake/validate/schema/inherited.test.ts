import {
	mentionsInherited,
	withoutInherited,
} from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/inherited';

describe('names that every object answers to', () => {
	it.each([
		[{ required: ['toString'] }, true],
		[{ properties: { valueOf: {} } }, true],
		[[{ const: 'hasOwnProperty' }], true],
		[{ required: ['user_id'], properties: { string: {} } }, false],
	])('stand in a schema or not: %j', (schema, isThere) => {
		expect(mentionsInherited(schema)).toBe(isThere);
	});

	it('are not there in a copy, however deep, unless they were sent', () => {
		const copy = withoutInherited(JSON.parse('{"a":[{"toString":1},null,"b"],"__proto__":2}')) as any;
		expect('valueOf' in copy).toBe(false);
		expect('valueOf' in copy.a[0]).toBe(false);
		expect(JSON.stringify(copy)).toBe('{"a":[{"toString":1},null,"b"],"__proto__":2}');
		expect([withoutInherited(5), withoutInherited(null)]).toEqual([5, null]);
	});
});
