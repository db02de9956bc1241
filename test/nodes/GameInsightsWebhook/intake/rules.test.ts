import { buildIntakeRules, FaultyIntakeSettings } from '../../../../nodes/GameInsightsWebhook/intake/rules';
import { USUAL_SETTINGS } from '../../../support/taken';

describe('buildIntakeRules', () => {
	it('takes every type when none is listed', () => {
		expect(buildIntakeRules(USUAL_SETTINGS).eventTypes).toBeNull();
		expect(buildIntakeRules({ ...USUAL_SETTINGS, eventTypes: ['a', 'b'] }).eventTypes).toEqual(
			new Set(['a', 'b']),
		);
	});

	it('passes the limits on', () => {
		expect(
			buildIntakeRules({ ...USUAL_SETTINGS, maxEventsPerRequest: 7, invalidEvents: 'rejectRequest' }),
		).toMatchObject({
			maxEventsPerRequest: 7,
			invalidEvents: 'rejectRequest',
		});
	});

	it('asks for each field once, and requires what is listed', () => {
		const required = (requiredFields: string[]) =>
			buildIntakeRules({ ...USUAL_SETTINGS, requiredFields }).fields.map(({ path, isRequired }) => [
				path.join('.'),
				isRequired,
			]);
		expect(required([])).toEqual([
			['event_type', true],
			['event_id', false],
			['user_id', false],
			['timestamp', false],
			['properties', false],
		]);
		expect(required(['user_id', 'properties.amount', 'event_type', 'properties.amount'])).toEqual([
			['event_type', true],
			['event_id', false],
			['user_id', true],
			['timestamp', false],
			['properties', false],
			['properties.amount', true],
		]);
	});

	it.each(['', '.', 'a.', '.a', 'a..b'])('does not take %j for the path of a required field', (path) => {
		expect(() => buildIntakeRules({ ...USUAL_SETTINGS, requiredFields: ['user_id', path] })).toThrow(
			new FaultyIntakeSettings(
				`The required field "${path}" is not a path: write the names from the event down, with dots between them, like properties.amount.`,
			),
		);
	});

	it.each([
		['', null],
		['user_id', ['user_id']],
		['properties.match.id', ['properties', 'match', 'id']],
	])('reads %j as where the value for the order is', (orderBy, path) => {
		expect(buildIntakeRules({ ...USUAL_SETTINGS, orderBy }).orderBy).toEqual(path);
	});

	it.each(['.', 'a.', 'a..b'])('does not take %j for the path of Order By', (orderBy) => {
		expect(() => buildIntakeRules({ ...USUAL_SETTINGS, orderBy })).toThrow(
			new FaultyIntakeSettings(
				`"${orderBy}" in Order By is not a path: write the names from the event down, with dots between them, like properties.amount.`,
			),
		);
	});

	it('holds a schema for each event type that has one', () => {
		const { schemas } = buildIntakeRules({
			...USUAL_SETTINGS,
			eventSchemas: [
				{ eventType: 'a', schema: '{"required":["user_id"]}' },
				{ eventType: 'b', schema: '{}' },
			],
		});
		expect([...schemas.keys()]).toEqual(['a', 'b']);
		expect(['a', 'b'].map((type) => schemas.get(type)?.faultsOf({ event_type: type }).length)).toEqual([
			1, 0,
		]);
	});

	it.each([
		[
			'without an event type',
			[{ eventType: '', schema: '{}' }],
			'An event schema has no event type: write down which it is for.',
		],
		[
			'for the same event type twice',
			[
				{ eventType: 'a', schema: '{}' },
				{ eventType: 'a', schema: '{}' },
			],
			'There are two event schemas for "a": put them together into one, with "allOf" if both must be met.',
		],
		[
			'that is none',
			[{ eventType: 'a', schema: '{"type":"txt"}' }],
			/^The event schema for "a" can't be used: .*type/,
		],
	])('does not take a schema %s', (_, eventSchemas, message) => {
		const build = () => buildIntakeRules({ ...USUAL_SETTINGS, eventSchemas });
		expect(build).toThrow(FaultyIntakeSettings);
		expect(build).toThrow(message);
	});

	it('has a format for other events than ours; one that is not known keeps it from being published', () => {
		const formatOf = (name: string) =>
			buildIntakeRules({ ...USUAL_SETTINGS, eventFormat: { name, paths: null } }).format;
		expect(formatOf('gameInsights')).toBeNull();
		expect(formatOf('segment')).toMatchObject({ waitsSeconds: 10 });
		expect(() => formatOf('gopher')).toThrow(
			new FaultyIntakeSettings('The event format "gopher" is not known: choose one from the list.'),
		);
	});

	it('holds the origins of pages that may send, and names one that is none', () => {
		const originsOf = (allowedOrigins: string[]) =>
			buildIntakeRules({ ...USUAL_SETTINGS, allowedOrigins }).allowedOrigins;
		expect(originsOf([])).toBeNull();
		expect(originsOf(['https://game.example'])).toEqual(new Set(['https://game.example']));
		expect(() => originsOf(['game'])).toThrow(FaultyIntakeSettings);
		expect(() => originsOf(['game'])).toThrow(/game/);
	});

	it('holds the answer that the owner typed', () => {
		const acceptanceOf = (responseBody: string) =>
			buildIntakeRules({ ...USUAL_SETTINGS, responseBody }).acceptance;
		expect(acceptanceOf('')).toBeNull();
		expect(acceptanceOf('ok')).toMatchObject({ status: 200, body: 'ok' });
	});

	it('takes all addresses when none is listed, and names one that is none', () => {
		const addressesOf = (ipAllowlist: string[]) =>
			buildIntakeRules({ ...USUAL_SETTINGS, ipAllowlist }).addresses;
		expect(addressesOf([])).toBeNull();
		expect(
			['192.0.2.7', '198.51.100.7'].map((address) => addressesOf(['192.0.2.0/24'])?.has(address)),
		).toEqual([true, false]);
		expect(() => addressesOf(['192.0.2.0/24', 'home'])).toThrow(FaultyIntakeSettings);
		expect(() => addressesOf(['192.0.2.0/24', 'home'])).toThrow(/home/);
	});
});
