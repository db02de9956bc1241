/** The rule for a secret that its owner makes up, under the field. */
export const SECRET_HINT =
	'At least 16 characters that nobody can guess. Type a shorter one and save, and you are offered a good one.';
