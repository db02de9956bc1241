/**
 * The environment variables of n8n: no connections to other servers, and nothing from the shell that could
 * change n8n.
 */

/** The variables that a program needs to run at all. */
const inherited = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TZ', 'SystemRoot', 'USERPROFILE', 'TEMP', 'APPDATA'];

/**
 * @param {object} instance
 * @param {string} instance.userFolder
 * @param {number} instance.port
 * @param {number} instance.brokerPort port of the task broker, a different one for each instance
 * @param {Record<string, string>} [more] overrides everything else
 * @returns {Record<string, string>}
 */
function environmentOf({ userFolder, port, brokerPort }, more = {}) {
	const fromShell = inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
	return {
		...Object.fromEntries(fromShell),
		NO_COLOR: '1',
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		// Plain http on this machine only.
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		// In a worker, this is the only server.
		QUEUE_HEALTH_CHECK_PORT: String(port),
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		N8N_COMMUNITY_PACKAGES_ENABLED: 'true',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		// Nothing is sent to or requested from other servers.
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		// Shows when the triggers run; see `start()`.
		N8N_METRICS: 'true',
		N8N_METRICS_INCLUDE_WORKFLOW_PUBLICATION_METRICS: 'true',
		DB_SQLITE_POOL_SIZE: '4',
		EXECUTIONS_DATA_PRUNE: 'false',
		...more,
	};
}

/**
 * Two switches of n8n 2 that make executions faster and change nothing else, for thousands of requests: an
 * isolate is only made when an expression is evaluated, and compiled code is kept.
 * https://github.com/n8n-io/n8n/pull/37614
 */
const forLoad = {
	N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
	N8N_EXPRESSION_ENGINE_COMPILE_CACHE: 'true',
};

module.exports = { environmentOf, forLoad };
