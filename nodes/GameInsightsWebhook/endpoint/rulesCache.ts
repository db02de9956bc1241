import { BoundedMap } from '../intake/boundedMap';
import {
	FaultyIntakeSettings,
	type IntakeRules,
	type IntakeSettings,
	buildIntakeRules,
} from '../intake/rules';

/** Enough for several versions of more endpoints than most n8n instances have. */
const MOST_KEPT = 200;

/**
 * The rules of the endpoints of a process. n8n returns a new copy of the node's parameters for every request,
 * and compiling a schema takes longer than checking many events. So rules are cached by the content of the
 * parameters.
 */
export class RulesCache {
	private readonly kept = new BoundedMap<IntakeRules | FaultyIntakeSettings>(MOST_KEPT);
	/** Most requests are for the endpoint of the one before: comparing is faster than writing a key. */
	private last: { readonly settings: IntakeSettings; readonly rules: IntakeRules } | null = null;

	/** @throws {FaultyIntakeSettings} like `buildIntakeRules`; the error is cached, too. */
	rulesOf(settings: IntakeSettings): IntakeRules {
		if (this.last !== null && isSame(settings, this.last.settings)) return this.last.rules;
		const key = JSON.stringify(settings);
		let rules = this.kept.get(key);
		if (rules === undefined) {
			rules = built(settings);
			this.kept.set(key, rules);
		}
		if (rules instanceof FaultyIntakeSettings) throw rules;
		this.last = { settings, rules };
		return rules;
	}
}

/** For values as in JSON. */
function isSame(one: unknown, other: unknown): boolean {
	if (!isObject(one) || !isObject(other)) return one === other;
	if (Array.isArray(one) !== Array.isArray(other)) return false;
	const keys = Object.keys(one);
	return keys.length === Object.keys(other).length && keys.every((key) => isSame(one[key], other[key]));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null;

function built(settings: IntakeSettings): IntakeRules | FaultyIntakeSettings {
	try {
		return buildIntakeRules(settings);
	} catch (error) {
		return error instanceof FaultyIntakeSettings ? error : rethrow(error);
	}
}

function rethrow(error: unknown): never {
	throw error;
}
