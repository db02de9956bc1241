/** How n8n is set up for each column of the result, newest first. */

/** @typedef {'switches' | 'vm' | 'legacy'} Column */

/**
 * @typedef {object} Setting
 * @property {string} title for people
 * @property {1 | 2} typeVersion of the trigger
 * @property {Record<string, string>} environment what differs from n8n's defaults
 */

/** @type {Record<Column, Setting>} */
export const COLUMNS = {
	switches: {
		title: 'n8n with both switches, trigger of version 2',
		typeVersion: 2,
		environment: {
			N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
			N8N_EXPRESSION_ENGINE_COMPILE_CACHE: 'true',
		},
	},
	vm: { title: 'n8n as it comes', typeVersion: 1, environment: {} },
	legacy: {
		title: '`N8N_EXPRESSION_ENGINE=legacy`',
		typeVersion: 1,
		environment: { N8N_EXPRESSION_ENGINE: 'legacy' },
	},
};
