import { readFileSync } from 'node:fs';

/** Memory that a process holds, in MB; Linux only, elsewhere 0. */
export function residentMb(pid: number | null): number {
	try {
		const [, kB] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
		return Math.round(Number(kB) / 1e3);
	} catch {
		return 0;
	}
}
