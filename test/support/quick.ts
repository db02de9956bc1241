/**
 * Whether this is the quick proof of `npm test`: each promise once. `npm run test:all` and every script run
 * by hand take the whole.
 */
export const isQuick = process.env.GAME_INSIGHTS_QUICK !== undefined;

/**
 * Tests that `npm test` leaves to `npm run test:all`. What is a file of its own is named `*.long.test.ts`
 * instead.
 */
export function inFull(tests: () => void): void {
	if (!isQuick) tests();
}

/**
 * How many inputs of chance a unit test takes: all of them where the package is proven (`npm test`,
 * `npm run test:all`), a tenth when `npm run test:unit` is run by hand.
 */
export const inputs = (count: number): number =>
	process.env.GAME_INSIGHTS_PROOF === undefined ? Math.ceil(count / 10) : count;
