import { TableNotices } from '../../../../nodes/GameInsightsWebhook/journal/tableNotices';

const HOUR_MS = 3_600_000;

function world() {
	const state = { elapsedMs: 0 };
	const told: string[] = [];
	const notices = new TableNotices({
		elapsedMs: () => state.elapsedMs,
		announce: (noticeOf) => void told.push(noticeOf({ nowMs: 0, endpoint: '', id: 'id' }).letter.reason),
	});
	return { state, told, notices };
}

it('that there is no room is told once an hour', () => {
	const { state, told, notices } = world();
	notices.full();
	state.elapsedMs = HOUR_MS - 1;
	notices.full();
	expect(told).toEqual(['table_full']);
	state.elapsedMs = HOUR_MS;
	notices.full();
	expect(told).toEqual(['table_full', 'table_full']);
});

it('large tables and keys that expire are told each time: the parts that notice it count', () => {
	const { told, notices } = world();
	notices.deadLettersLarge(1_000_000);
	notices.keyExpires(1_000);
	notices.deadLettersLarge(1_000_000);
	expect(told).toEqual(['table_large', 'key_expiring', 'table_large']);
});
