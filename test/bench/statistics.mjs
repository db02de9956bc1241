/** What a list of measurements comes to. */

/**
 * @typedef {object} Summary
 * @property {number} median
 * @property {number} low the smallest
 * @property {number} high the largest
 */

/**
 * @param {readonly number[]} values
 * @param {number} share from 0 to 1
 * @returns {number} the value that this share of the values does not exceed (nearest rank)
 */
export function percentile(values, share) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/**
 * @param {readonly number[]} values
 * @returns {number}
 */
export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length / 2;
	return sorted.length % 2 === 1
		? (sorted[Math.floor(middle)] ?? NaN)
		: ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/**
 * @param {readonly number[]} values
 * @returns {Summary}
 */
export const summarise = (values) => ({
	median: median(values),
	low: Math.min(...values),
	high: Math.max(...values),
});
