/** The rule for a secret that its owner chooses, shown under the field. */
export const SECRET_HINT =
	'At least 16 characters that nobody can guess. For a new one, type a short one, save, and open More details: there is a good one.';
