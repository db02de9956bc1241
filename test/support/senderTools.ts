import { spawnSync } from 'node:child_process';

/** A program of a sender's language, and the Debian packages that bring it. */
interface Tool {
	readonly command: string;
	/** Proves that it is there. */
	readonly args: readonly string[];
	readonly packages: readonly string[];
}

const TOOLS: Readonly<Record<string, Tool>> = {
	curl: { command: 'curl', args: ['--version'], packages: ['curl', 'openssl'] },
	python: { command: 'python3', args: ['--version'], packages: ['python3'] },
	php: { command: 'php', args: ['--version'], packages: ['php-cli'] },
	go: { command: 'go', args: ['version'], packages: ['golang-go'] },
	java: { command: 'java', args: ['--version'], packages: ['default-jdk-headless'] },
	csharp: {
		command: 'mcs',
		args: ['--version'],
		packages: ['mono-mcs', 'mono-runtime', 'libmono-system-net-http4.0-cil'],
	},
	cpp: {
		command: 'g++',
		args: [
			'-fsyntax-only',
			'-include',
			'curl/curl.h',
			'-include',
			'openssl/hmac.h',
			'-x',
			'c++',
			'/dev/null',
		],
		packages: ['g++', 'libcurl4-openssl-dev', 'libssl-dev'],
	},
	lua: { command: 'lua5.4', args: ['-v'], packages: ['lua5.4'] },
};

/** Whether the tools of a sender's language are on this machine. */
export function hasTool(name: string): boolean {
	const tool = TOOLS[name];
	return tool === undefined || spawnSync(tool.command, tool.args).status === 0;
}

/** The Debian packages that are missing here, for the words of a failing test. */
export const missingPackages = (): string[] =>
	Object.entries(TOOLS).flatMap(([name, { packages }]) => (hasTool(name) ? [] : packages));
