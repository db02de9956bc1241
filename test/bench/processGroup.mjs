/**
 * What n8n and the task runners it starts take of the machine together. Linux tells it in /proc; elsewhere it
 * is not known.
 */
import { readFileSync, readdirSync } from 'node:fs';

/** Ticks a second in /proc, whatever the kernel's own clock is (`man 5 proc`, USER_HZ). */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Places in /proc/<pid>/stat after the program's name (`man 5 proc`). */
const FIELD = { group: 2, userTicks: 11, systemTicks: 12, residentPages: 21 };

/**
 * @typedef {object} Taken
 * @property {number} cpuMs processor time since the processes began
 * @property {number} residentBytes memory they hold now
 */

/**
 * @param {number} groupId the process id of the one that was started as the group's leader
 * @returns {Taken | null} null where /proc does not tell
 */
export function taken(groupId) {
	if (process.platform !== 'linux') return null;
	const sum = { cpuMs: 0, residentBytes: 0 };
	for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
		const fields = statOf(pid);
		if (fields === null || fields[FIELD.group] !== groupId) continue;
		sum.cpuMs +=
			(((fields[FIELD.userTicks] ?? 0) + (fields[FIELD.systemTicks] ?? 0)) * 1000) / TICKS_PER_SECOND;
		sum.residentBytes += (fields[FIELD.residentPages] ?? 0) * PAGE_BYTES;
	}
	return sum;
}

/**
 * @param {string} pid
 * @returns {number[] | null} null when the process has ended meanwhile
 */
function statOf(pid) {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		return stat
			.slice(stat.lastIndexOf(')') + 2)
			.split(' ')
			.map(Number);
	} catch {
		return null;
	}
}
