/** Milliseconds of a processor that something takes: the same on a busy machine, unlike those of a clock. */
export function processorMs(work: () => void): number {
	const before = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}
