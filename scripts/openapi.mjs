/**
 * Writes docs/openapi.json from the rules and codes that requests are answered with. A test compares the two,
 * so the file can't be out of date.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { buildSync } from 'esbuild';
import { format, resolveConfig } from 'prettier';
import bundlingModule from './bundling.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = path.join(root, 'nodes', 'GameInsightsWebhook');
const target = path.join(root, 'docs', 'openapi.json');
const workFolder = mkdtempSync(path.join(tmpdir(), 'game-insights-openapi-'));

try {
	const outfile = path.join(workFolder, 'document.js');
	const contents = `export { openApiDocument } from './intake/openApiDocument'; export { NUMBER_BOUNDS } from './panel/settings';`;
	buildSync({ ...bundlingModule.bundling, stdin: { contents, resolveDir: source, loader: 'ts' }, outfile });
	const { openApiDocument, NUMBER_BOUNDS } = createRequire(outfile)(outfile);
	const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
	const document = openApiDocument({
		version,
		maxEventsPerRequest: NUMBER_BOUNDS.maxEventsPerRequest.default,
	});
	const { valid, errors } = await new Validator().validate(document);
	if (!valid) throw new Error(`This is no OpenAPI document: ${JSON.stringify(errors, null, 2)}`);
	const config = await resolveConfig(target);
	writeFileSync(target, await format(JSON.stringify(document), { ...config, filepath: target }));
	console.log(`${path.relative(root, target)} is written`);
} finally {
	rmSync(workFolder, { recursive: true });
}
