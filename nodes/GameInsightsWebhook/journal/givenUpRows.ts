import { deadLetterOfGivenUp } from '../items/givenUpEvent';
import type { Arrival, PendingEvent } from '../queue/arrival';
import { grouped } from '../queue/grouped';
import type { GivenUp, Item } from '../queue/item';
import { eventTexts } from '../../shared/events/slice';
import { positionOf } from '../../shared/events/source';
import type { Cells } from '../../shared/dataTables/table';
import type { JournalRow } from './journalRow';
import type { OwnRows } from './ownRows';
import { cellsOfDeadLetter } from './rows';

const indexOf = (item: Item): number => item.event?.index ?? 0;

/**
 * Writes events that were given up as dead letters. Each of them gets its own row, so that it can be read and
 * sent again on its own.
 */
export class GivenUpRows {
	private givenUp: Item[] = [];

	constructor(private readonly rows: OwnRows) {}

	/** The event was given up. It is written together with others of the same turn of the event loop. */
	add(item: Item): void {
		if (this.givenUp.push(item) === 1) void Promise.resolve().then(() => this.write());
	}

	private write(): void {
		const byRequest = grouped(this.givenUp, ({ held }) => held);
		this.givenUp = [];
		for (const [{ arrival }, items] of byRequest) void this.writeTogether(arrival, items);
	}

	private async writeTogether(arrival: Arrival, items: readonly Item[]): Promise<void> {
		const texts = eventTexts(
			arrival.source,
			items.map((item) => positionOf(arrival, indexOf(item))),
		);
		const made: JournalRow[] = [];
		const cells: Cells[] = [];
		const leaving: Array<{ row: JournalRow; item: Item }> = [];
		for (const [at, item] of items.entries()) {
			const letter = deadLetterOfGivenUp(
				item.event as PendingEvent,
				texts[at] ?? null,
				item.givenUp as GivenUp,
			);
			const content = cellsOfDeadLetter(arrival, letter, indexOf(item));
			const row = item.parcel as JournalRow;
			if (row.items.length === 1) {
				this.rows.move(row, 'dying', letter.attempts.count, content);
				continue;
			}
			leaving.push({ row, item });
			const own = this.rows.make([item], 'dying', letter.attempts.count);
			made.push(own);
			cells.push({ ...content, ...this.rows.cellsOf(own) });
		}
		if (made.length > 0 && (await this.rows.insertUntilThere(cells))) {
			for (const row of made) this.rows.writer.inserted(row);
			for (const { row, item } of leaving) this.rows.finish(row, item, false);
		}
	}
}
