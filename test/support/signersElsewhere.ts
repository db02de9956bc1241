import { execFileSync } from 'child_process';
import { hmac } from '@noble/hashes/hmac';
import { sha1 } from '@noble/hashes/legacy';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2';

/** One thing to be signed by somebody else's code. */
export interface HmacJob {
	readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512';
	readonly key: Buffer;
	readonly data: Buffer;
}

const HASHES = { sha1, sha256, sha384, sha512 };

/**
 * HMACs in lower-case hex, made by `@noble/hashes`: no code of ours or of Node.js, and on every machine. That
 * it agrees with the `openssl` command is a test of its own, where there is one.
 */
export function hmacElsewhere({ hash, key, data }: HmacJob): string {
	return Buffer.from(hmac(HASHES[hash], key, data)).toString('hex');
}

/** A bare digest in lower-case hex, made by `@noble/hashes`. */
export function digestElsewhere(hash: HmacJob['hash'], data: Buffer): string {
	return Buffer.from(HASHES[hash](data)).toString('hex');
}

/** HMACs in lower-case hex, made by the `openssl` command. */
export function hmacByOpenssl({ hash, key, data }: HmacJob): string {
	const macOptions = ['-mac', 'HMAC', '-macopt', `hexkey:${key.toString('hex')}`];
	return printedBy(['dgst', `-${hash}`, ...macOptions], data);
}

/** A bare digest in lower-case hex, made by the `openssl` command. */
export function digestByOpenssl(hash: HmacJob['hash'], data: Buffer): string {
	return printedBy(['dgst', `-${hash}`], data);
}

function printedBy(options: string[], input: Buffer): string {
	return execFileSync('openssl', options, { input, encoding: 'utf8' }).trim().split(/\s/).at(-1) ?? '';
}

const PYTHON = `
import hashlib, hmac, json, sys
for job in json.load(sys.stdin):
    print(hmac.new(bytes.fromhex(job["key"]), bytes.fromhex(job["data"]), job["hash"]).hexdigest())
`;

/** HMACs in lower-case hex, made by Python's `hmac`; many in one start, since the start is what costs. */
export function hmacsByPython(jobs: readonly HmacJob[]): string[] {
	const input = JSON.stringify(
		jobs.map(({ hash, key, data }) => ({ hash, key: key.toString('hex'), data: data.toString('hex') })),
	);
	return execFileSync('python3', ['-c', PYTHON], { input, encoding: 'utf8' }).trim().split('\n');
}

const OCTOKIT = `
import { sign } from '@octokit/webhooks-methods';
const [secret, body] = process.argv.slice(1);
process.stdout.write(await sign(secret, body));
`;

/**
 * GitHub's signature header, made by `@octokit/webhooks-methods`; by a process of its own, for it is an ES
 * module only.
 */
export function signatureByOctokit(secret: string, body: string): string {
	return execFileSync(process.execPath, ['--input-type=module', '-e', OCTOKIT, secret, body], {
		cwd: __dirname,
		encoding: 'utf8',
	});
}
