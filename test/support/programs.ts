import { appendFileSync } from 'node:fs';
import { missingMessage, missingOf, type Program } from '../../lab/programs';

/** What is left out of a file because programs are missing; `npm test` names it in its last lines. */
export interface LeftOut {
	readonly file: string;
	/** Of the group of tests; begins the full name of each of them. */
	readonly title: string;
	readonly missing: readonly Program[];
}

/**
 * A group of tests that need programs beside Node.js and n8n: run where they are there. Elsewhere it is left
 * out by name, a line of JSON in the file `GAME_INSIGHTS_LEFT_OUT`; with `EVERY_PROGRAM` in the environment
 * that is a failure. To be used at the top of a file, so that the title begins the names of its tests.
 */
export function withPrograms(programs: readonly Program[], title: string, tests: () => void): void {
	const missing = missingOf(programs);
	if (missing.length === 0) {
		describe(title, tests);
		return;
	}
	if (process.env.EVERY_PROGRAM) {
		it(`${title}, with every program it needs`, () => {
			throw new Error(missingMessage(missing));
		});
		return;
	}
	const leftOut: LeftOut = { file: expect.getState().testPath ?? '', title, missing };
	const { GAME_INSIGHTS_LEFT_OUT: list } = process.env;
	if (list === undefined) process.stderr.write(`Left out: ${title}. ${missingMessage(missing)}\n`);
	else appendFileSync(list, `${JSON.stringify(leftOut)}\n`);
}
