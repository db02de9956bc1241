import { Database } from '../simulation/journalDatabase';
import { SimulatedTime } from '../simulation/journalTime';

/** The journal's tables in memory. Calls take no time, and time passes when a test says so. */
export function simulatedTables() {
	const time = new SimulatedTime();
	const database = new Database(time);
	database.delayMs = () => 0;
	return {
		time,
		database,
		/** The tables as a process sees them that is never killed. */
		tables: database.tablesOf({ isAlive: true, isCutOff: false }),
		/** Lets time pass, in milliseconds. */
		pass: async (milliseconds: number): Promise<void> => {
			time.at(time.nowMs + milliseconds, () => undefined);
			await time.until(() => false, milliseconds);
		},
		/** Lets time pass until the promise is settled, an hour at the most. */
		run: async <T>(promise: Promise<T>): Promise<T> => {
			let isSettled = false;
			const settle = (): void => void (isSettled = true);
			promise.then(settle, settle);
			await time.until(() => isSettled, 3_600_000);
			return await promise;
		},
	};
}
