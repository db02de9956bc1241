import type { FoundLetter, RowPlace } from '../shared/journal/lookUp';
import { eq } from '../shared/dataTables/table';
import type { Clock } from '../shared/clock';

/** The result for one dead letter. */
export interface Redriven {
	readonly status: 'matches' | 'redriven' | 'not_redriven';
	/** Why it was not sent again. Null when it was sent, or would be in a dry run. */
	readonly message: string | null;
}

/** How dead letters are sent again. */
export interface RedriveSettings {
	readonly isDryRun: boolean;
	readonly perSecond: number;
}

/**
 * Sends dead letters of tables again by setting the `state` of each row, in order and at a limited rate. The
 * trigger does the rest. A row that is no longer a dead letter is not changed. If a sleep fails because the
 * execution was stopped, its error ends this.
 * @throws {TableFailure} the dead letters that were returned before are already sent
 */
export async function* redriveRows(
	letters: readonly FoundLetter[],
	{ isDryRun, perSecond }: RedriveSettings,
	clock: Clock,
): AsyncGenerator<Redriven> {
	const startedAtMs = clock.elapsedMs();
	let set = 0;
	for (const found of letters) {
		if (isDryRun) {
			yield { status: 'matches', message: null };
			continue;
		}
		const waitMs = startedAtMs + (set++ * 1_000) / perSecond - clock.elapsedMs();
		if (waitMs > 0) await clock.sleep(waitMs);
		yield (await setToRedrive(found.at))
			? { status: 'redriven', message: null }
			: { status: 'not_redriven', message: 'Somebody else has already sent it again, or deleted it.' };
	}
}

/** @returns whether the row was still a dead letter, where it was found or where it has been moved since */
async function setToRedrive({ table, id, details, next }: RowPlace): Promise<boolean> {
	const isThis = [eq('state', 'dead'), eq('details', details)];
	const places = [{ table, filter: [eq('id', id), ...isThis] }].concat(
		next.map((other) => ({ table: other, filter: isThis })),
	);
	for (const place of places) {
		if ((await place.table.claim(place.filter, { state: 'redrive' })).length > 0) return true;
	}
	return false;
}

/** Why a dead letter can't be sent again, to complete "12 were …". Null when it can. */
export function obstacleTo({ letter }: FoundLetter, maxRedrives: number): string | null {
	if (letter === null) return 'changed by hand in more than state or payload';
	if (letter.eventText === null) return 'requests in which no event could be read';
	if (letter.redrive.count < maxRedrives) return null;
	return `sent again ${maxRedrives} ${maxRedrives === 1 ? 'time' : 'times'} or more already (Max Redrives)`;
}
