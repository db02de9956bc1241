import {
	type IntakeSettings,
	FaultyIntakeSettings,
} from '../../../../nodes/GameInsightsWebhook/intake/rules';
import { RulesCache } from '../../../../nodes/GameInsightsWebhook/endpoint/rulesCache';
import { USUAL_SETTINGS } from '../../../support/taken';

const copyOf = (settings: IntakeSettings): IntakeSettings => structuredClone(settings);

/** Each is another endpoint than all the others. */
const DIFFERENT: IntakeSettings[] = [
	USUAL_SETTINGS,
	{ ...USUAL_SETTINGS, maxEventsPerRequest: 7 },
	{ ...USUAL_SETTINGS, invalidEvents: 'rejectRequest' },
	{ ...USUAL_SETTINGS, requiredFields: ['user_id'] },
	{ ...USUAL_SETTINGS, requiredFields: ['properties.amount'] },
	{ ...USUAL_SETTINGS, eventTypes: ['a'] },
	{ ...USUAL_SETTINGS, eventTypes: ['b'] },
	{ ...USUAL_SETTINGS, eventSchemas: [{ eventType: 'a', schema: '{}' }] },
	{ ...USUAL_SETTINGS, eventSchemas: [{ eventType: 'a', schema: 'true' }] },
	{ ...USUAL_SETTINGS, rateLimit: 60 },
	{ ...USUAL_SETTINGS, ipAllowlist: ['192.0.2.1'] },
	{ ...USUAL_SETTINGS, ipAllowlist: ['192.0.2.2'] },
];

it('makes rules once for what the settings say, in whatever order endpoints come', () => {
	const cache = new RulesCache();
	const first = DIFFERENT.map((settings) => cache.rulesOf(copyOf(settings)));
	expect(new Set(first).size).toBe(DIFFERENT.length);
	for (const [index, settings] of [...DIFFERENT.entries()].reverse()) {
		expect(cache.rulesOf(copyOf(settings))).toBe(first[index]);
		expect(cache.rulesOf(copyOf(settings))).toBe(first[index]);
	}
});

it('tells what changed from one request to the next', () => {
	for (const one of DIFFERENT) {
		for (const other of DIFFERENT) {
			const cache = new RulesCache();
			const rules = cache.rulesOf(copyOf(one));
			expect(cache.rulesOf(copyOf(other)) === rules).toBe(one === other);
		}
	}
});

it('says of faulty settings what is wrong, each time, and goes on with good ones', () => {
	const cache = new RulesCache();
	const faulty = { ...USUAL_SETTINGS, ipAllowlist: ['home'] };
	for (let time = 0; time < 2; time++) {
		expect(() => cache.rulesOf(copyOf(faulty))).toThrow(FaultyIntakeSettings);
		expect(cache.rulesOf(copyOf(USUAL_SETTINGS)).addresses).toBeNull();
	}
});
