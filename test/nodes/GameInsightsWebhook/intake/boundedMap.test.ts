import { BoundedMap } from '../../../../nodes/GameInsightsWebhook/intake/boundedMap';

it('forgets what was set longest ago, and only above its limit', () => {
	const map = new BoundedMap<number>(2);
	map.set('a', 1).set('b', 2);
	expect([...map]).toEqual([
		['a', 1],
		['b', 2],
	]);
	// Set again, it is the newest; to be read makes nothing newer.
	map.set('a', 3);
	expect(map.get('b')).toBe(2);
	map.set('c', 4);
	expect([...map]).toEqual([
		['a', 3],
		['c', 4],
	]);
});
