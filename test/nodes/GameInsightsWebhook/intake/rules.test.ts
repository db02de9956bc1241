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
});
