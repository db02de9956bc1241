/** Where n8n's main thread spends its time while a subject is under load. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import paths from '../../lab/paths.js';
import { freePort } from '../../lab/ports.js';
import { PlainError } from '../../lab/plainError.js';

const { lab: labFolder } = paths;

/** Microseconds between two looks at the stack. */
const INTERVAL_US = 500;

/**
 * @typedef {object} ProfileNode
 * @property {number} id
 * @property {{ functionName: string, url: string, lineNumber: number }} callFrame
 * @property {number[]} [children]
 */

/** @typedef {{ nodes: ProfileNode[], samples: number[], timeDeltas: number[] }} CpuProfile */

/** Node.js's inspector of one n8n. */
export class Inspector {
	/** @type {Map<number, (result: any) => void>} */
	#waiting = new Map();
	#sent = 0;

	/** @param {WebSocket} socket */
	constructor(socket) {
		this.socket = socket;
		socket.addEventListener('message', ({ data }) => {
			const { id, result } = JSON.parse(String(data));
			this.#waiting.get(id)?.(result);
		});
	}

	/**
	 * @returns {Promise<{ port: number, environment: Record<string, string> }>} what an n8n is to be started
	 * with
	 */
	static async environment() {
		const port = await freePort();
		return { port, environment: { NODE_OPTIONS: `--inspect=127.0.0.1:${port}` } };
	}

	/** @param {number} port */
	static async connect(port) {
		const [target] = /** @type {any[]} */ (await (await fetch(`http://127.0.0.1:${port}/json`)).json());
		if (!target) throw new PlainError('n8n has no inspector');
		const socket = new WebSocket(target.webSocketDebuggerUrl);
		await new Promise((resolve) => socket.addEventListener('open', resolve));
		return new Inspector(socket);
	}

	/**
	 * @param {() => Promise<unknown>} work
	 * @returns {Promise<CpuProfile>} of n8n while the work was done
	 */
	async profile(work) {
		await this.#call('Profiler.enable');
		await this.#call('Profiler.setSamplingInterval', { interval: INTERVAL_US });
		await this.#call('Profiler.start');
		await work();
		return (await this.#call('Profiler.stop')).profile;
	}

	close() {
		this.socket.close();
	}

	/**
	 * @param {string} method
	 * @param {object} [params]
	 * @returns {Promise<any>}
	 */
	#call(method, params = {}) {
		const id = ++this.#sent;
		return new Promise((resolve) => {
			this.#waiting.set(id, resolve);
			this.socket.send(JSON.stringify({ id, method, params }));
		});
	}
}

/**
 * @param {CpuProfile} profile
 * @param {number} requests that were answered meanwhile
 * @param {string} name
 * @returns {string} for people; the profile itself lies in a file that Chrome's developer tools open
 */
export function explain(profile, requests, name) {
	const file = path.join(labFolder, 'bench', `${name}.cpuprofile`);
	mkdirSync(path.dirname(file), { recursive: true });
	writeFileSync(file, JSON.stringify(profile));
	const lines = [
		['by package', selfTime(profile, packageOf)],
		['by function', selfTime(profile, functionOf)],
		['with all they call', totalTime(profile)],
	].map(([title, times]) => {
		const rows = [.../** @type {Map<string, number>} */ (times)].sort((a, b) => b[1] - a[1]).slice(0, 28);
		const text = rows.map(([what, us]) => `    ${(us / 1000 / requests).toFixed(3).padStart(8)}  ${what}`);
		return `  ${title}, ms a request:\n${text.join('\n')}`;
	});
	return `${name}: ${requests} requests, ${file}\n${lines.join('\n')}`;
}

/** @param {ProfileNode} node */
function packageOf({ callFrame: { functionName, url } }) {
	if (url === '') return functionName;
	const inPackage = /.*\/node_modules\/(?:\.pnpm\/.*\/node_modules\/)?((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
	return inPackage ?? (url.startsWith('node:') ? 'node' : url);
}

/** @param {ProfileNode} node */
function functionOf(node) {
	const { functionName, url, lineNumber } = node.callFrame;
	return `${functionName || '(anonymous)'} ${packageOf(node)} ${url.split('/').pop()}:${lineNumber + 1}`;
}

/**
 * @param {CpuProfile} profile
 * @param {(node: ProfileNode) => string} keyOf
 * @returns {Map<string, number>} microseconds
 */
function selfTime(profile, keyOf) {
	const keys = new Map(profile.nodes.map((node) => [node.id, keyOf(node)]));
	/** @type {Map<string, number>} */
	const times = new Map();
	for (const [at, id] of profile.samples.entries()) {
		const key = /** @type {string} */ (keys.get(id));
		times.set(key, (times.get(key) ?? 0) + (profile.timeDeltas[at] ?? 0));
	}
	return times;
}

/**
 * @param {CpuProfile} profile
 * @returns {Map<string, number>} microseconds by function, each counted once however deep it calls itself
 */
function totalTime(profile) {
	const byId = new Map(profile.nodes.map((node) => [node.id, node]));
	const own = selfTime(profile, (node) => String(node.id));
	/** @type {Map<string, number>} */
	const times = new Map();
	/** @type {(node: ProfileNode, above: Set<string>) => number} */
	const visit = (node, above) => {
		const key = functionOf(node);
		const isOutermost = !above.has(key);
		if (isOutermost) above.add(key);
		let total = own.get(String(node.id)) ?? 0;
		for (const child of node.children ?? [])
			total += visit(/** @type {ProfileNode} */ (byId.get(child)), above);
		if (isOutermost) {
			above.delete(key);
			times.set(key, (times.get(key) ?? 0) + total);
		}
		return total;
	};
	const [root] = profile.nodes;
	if (root) visit(root, new Set());
	return times;
}
