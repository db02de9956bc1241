import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import { n8n as declared } from '../../package.json';
import { referenceText } from '../../scripts/referenceText';

const root = path.join(__dirname, '../..');

/** The one class of a source file, made; by the path it is built to. */
async function made<T>(built: string): Promise<T> {
	const source = path.join(root, built.replace('dist/', '').replace(/\.js$/, ''));
	const [Class] = Object.values((await import(source)) as Record<string, new () => T>);
	if (Class === undefined) throw new Error(`${source} exports nothing`);
	return new Class();
}

describe('docs/reference.md', () => {
	it('is what the nodes and credentials say of themselves: run "npm run docs" after a change', async () => {
		const nodes = await Promise.all(declared.nodes.map((file) => made<INodeType>(file)));
		const credentials = await Promise.all(declared.credentials.map((file) => made<ICredentialType>(file)));
		const page = readFileSync(path.join(root, 'docs/reference.md'), 'utf8');
		expect(page).toBe(
			referenceText(
				nodes.map(({ description }) => description),
				credentials,
			),
		);
	});
});
