import type { Notice, NoticeFrame } from '../items/notice';
import { Item, heldRequest } from './item';
import type { Store } from './store';

/** The functions that notices depend on. */
export interface NoticePorts {
	/** Milliseconds since the epoch. */
	now(): number;
	/** Milliseconds of a monotonic clock. */
	elapsedMs(): number;
	/** A new unique id. */
	newId(): string;
}

/**
 * Sends notices to the workflow: what the user should know, and what is about no event. They are delivered
 * like dead letters, but are not counted as such.
 */
export class Notices {
	constructor(
		private readonly ports: NoticePorts,
		private readonly store: Pick<Store, 'addNotice'>,
	) {}

	/**
	 * The notice is sent as soon as there is a slot.
	 * @param endpoint the endpoint's name, as the user gave it
	 */
	send(noticeOf: (frame: NoticeFrame) => Notice, endpoint: string): void {
		const frame = { nowMs: this.ports.now(), endpoint, id: this.ports.newId() };
		const { arrival, letter } = noticeOf(frame);
		const held = heldRequest(arrival);
		held.receivedElapsedMs = this.ports.elapsedMs();
		const item = new Item(held, null, letter);
		// No sender waits for a notice, but it has to be delivered like a kept item.
		item.isKept = true;
		item.isPromised = true;
		this.store.addNotice(held, item);
	}
}
