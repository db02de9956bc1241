import {
	type Notice,
	type NoticeFrame,
	keyExpiringNotice,
	tableFullNotice,
	tableLargeNotice,
} from '../items/notice';

const TELL_FULL_EVERY_MS = 3_600_000;
const NO_ROOM =
	'n8n has no room left for Data Tables. Delete rows that are not needed, of any table, or raise N8N_DATA_TABLES_MAX_SIZE_BYTES.';

/** The functions that notices depend on. */
export interface TableNoticesPorts {
	/** Milliseconds of a monotonic clock. */
	elapsedMs(): number;
	/** Sends a notice to the Dead Letter output. */
	announce(noticeOf: (frame: NoticeFrame) => Notice): void;
}

/** Tells users what they have to do about the tables of the journal. */
export class TableNotices {
	private tellFullAtMs = -Infinity;

	constructor(private readonly ports: TableNoticesPorts) {}

	/** n8n takes no more rows. Told at most once an hour, even if there is room for a moment in between. */
	full(): void {
		if (this.ports.elapsedMs() < this.tellFullAtMs) return;
		this.tellFullAtMs = this.ports.elapsedMs() + TELL_FULL_EVERY_MS;
		this.ports.announce((frame) => tableFullNotice(NO_ROOM, frame));
	}

	/** @param bytes the size of the table of dead letters */
	deadLettersLarge(bytes: number): void {
		this.ports.announce((frame) => tableLargeNotice(bytes, frame));
	}

	/** @param expiresAtMs when the API key in the credential expires, in milliseconds since the epoch */
	keyExpires(expiresAtMs: number): void {
		this.ports.announce((frame) => keyExpiringNotice(expiresAtMs, frame));
	}
}
