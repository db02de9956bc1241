/** The rule for a secret that its owner chooses, shown under the field. */
export const SECRET_HINT =
	'At least 16 characters that nobody can guess. For a new one, type a short one and save: the error offers a good one.';
