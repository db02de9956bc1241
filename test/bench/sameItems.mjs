/** Before anything is compared: both ways must come to the same items, and refuse the same requests. */
import { isDeepStrictEqual } from 'node:util';
import { PlainError } from '../../lab/plainError.js';
import { FORGERS_SECRET, bodyOf, signed } from './messages.mjs';

/**
 * @param {import('./lab.mjs').Lab} lab
 * @param {readonly import('./lab.mjs').Endpoint[]} endpoints the ways to compare
 * @throws {PlainError} when their items differ, from what was sent or from each other's
 */
export async function demandSameItems(lab, endpoints) {
	const bodies = [1, 25].map(bodyOf);
	const sent = bodies.flatMap((body) => JSON.parse(body).events ?? [JSON.parse(body)]);
	for (const { url, workflowId, eventsNode } of endpoints) {
		for (const body of bodies) {
			const response = await fetch(url, { method: 'POST', headers: signed(body), body });
			if (!response.ok) throw new PlainError(`${url} answered ${response.status}: ${await response.text()}`);
		}
		const items = await lab.events({ url, workflowId, eventsNode }, bodies.length);
		if (!isDeepStrictEqual(items, sent)) {
			throw new PlainError(
				`"${eventsNode}" gave other items than were sent:\n${JSON.stringify({ sent, items })}`,
			);
		}
		const forged = bodyOf(1);
		const newest = lab.executions.newest();
		await fetch(url, { method: 'POST', headers: signed(forged, FORGERS_SECRET), body: forged });
		const { statuses } = await lab.executions.ended(workflowId, newest);
		if (statuses.success) throw new PlainError(`A forged request came through "${eventsNode}".`);
	}
}
