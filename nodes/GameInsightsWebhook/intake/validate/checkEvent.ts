import { isJsonObject, type JsonObject, ownMember } from '../../../shared/json/jsonValue';
import type { FieldRule } from './eventRules';
import { type Fault, unmet } from './fault';
import type { Path } from './path';

/** The faults of a value at the position of an event. None when it is a valid event. */
export function checkEvent(event: unknown, fields: readonly FieldRule[], receivedAtMs: number): Fault[] {
	if (!isJsonObject(event)) return [unmet('type', [], 'must be an object', event)];
	const faults: Fault[] = [];
	for (const field of fields) {
		const fault = checkField(event, field, receivedAtMs);
		if (fault !== null) faults.push(fault);
	}
	return faults;
}

function checkField(event: JsonObject, field: FieldRule, receivedAtMs: number): Fault | null {
	const value = valueAt(event, field.path);
	if (value === undefined)
		return field.isRequired ? unmet('required', field.path, 'is required', value) : null;
	for (const demand of field.demands) {
		if (!demand.isMet(value, receivedAtMs)) return unmet(demand.code, field.path, demand.words, value);
	}
	return null;
}

function valueAt(event: JsonObject, path: Path): unknown {
	let value: unknown = event;
	for (const key of path) value = ownMember(value, String(key));
	return value;
}
