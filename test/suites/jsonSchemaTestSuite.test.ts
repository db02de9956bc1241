import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { bundling } from '../../scripts/bundling';
import suite from '../support/suites/jsonSchemaTestSuite.json';

/** A bundle as in the package, its libraries minified: what is tested is what n8n loads. */
const folder = mkdtempSync(path.join(tmpdir(), 'game-insights-schema-'));
const outfile = path.join(folder, 'eventSchema.js');
buildSync({
	...bundling,
	minify: true,
	entryPoints: [path.join('nodes', 'GameInsightsWebhook', 'intake', 'validate', 'schema', 'eventSchema.ts')],
	outfile,
});
const { compileEventSchema } = createRequire(outfile)(outfile) as {
	compileEventSchema: (text: string, resources: object) => { faultsOf: (value: unknown) => unknown[] };
};

afterAll(() => rmSync(folder, { recursive: true }));

const DRAFT_7 = 'http://json-schema.org/draft-07/schema#';

/** Formats are checked, where the suite's required part has them as mere annotations. */
const CHECKED_FORMATS = [
	...[
		'date',
		'date-time',
		'duration',
		'email',
		'hostname',
		'idn-email',
		'idn-hostname',
		'ipv4',
		'ipv6',
		'iri',
	],
	...[
		'iri-reference',
		'json-pointer',
		'regex',
		'relative-json-pointer',
		'time',
		'uri',
		'uri-reference',
		'uri-template',
		'uuid',
	],
].map((format) => `format: ${format} format: invalid ${format} string is only an annotation by default`);

/** A meta-schema of somebody's own is refused: the owner is told which two are known. */
const CUSTOM_META_SCHEMA = [
	'vocabulary: schema that uses custom metaschema with with no validation vocabulary: applicator vocabulary still works',
	'vocabulary: schema that uses custom metaschema with with no validation vocabulary: no validation: invalid number, but it still validates',
	'vocabulary: schema that uses custom metaschema with with no validation vocabulary: no validation: valid number',
	'vocabulary: ignore unrecognized optional vocabulary: number value',
	'vocabulary: ignore unrecognized optional vocabulary: string value',
];

const EXPECTED_FAILURES = {
	'draft2020-12': [...CHECKED_FORMATS, ...CUSTOM_META_SCHEMA],
	draft7: ['refRemote: base URI change - change folder in subschema: number is valid'],
};

interface Group {
	readonly description: string;
	readonly schema: unknown;
	readonly tests: ReadonlyArray<{
		readonly description: string;
		readonly data: unknown;
		readonly valid: boolean;
	}>;
}

/** A schema without `$schema` is read as 2020-12, so one of draft 7 has to say so. */
function asDraft(draft: string, schema: unknown): unknown {
	const needsSaying = draft === 'draft7' && typeof schema === 'object' && schema !== null;
	return needsSaying ? { $schema: DRAFT_7, ...schema } : schema;
}

function isValid(schema: unknown, data: unknown): boolean | string {
	try {
		return compileEventSchema(JSON.stringify(schema), suite.remotes).faultsOf(data).length === 0;
	} catch (error) {
		return (error as Error).message;
	}
}

describe.each(['draft2020-12', 'draft7'] as const)(
	'the JSON Schema Test Suite, required part of %s',
	(draft) => {
		const outcomes = Object.entries(suite.drafts[draft] as Record<string, Group[]>).flatMap(
			([file, groups]) =>
				groups.flatMap(({ description, schema, tests }) =>
					tests.map((test) => ({
						name: `${file}: ${description}: ${test.description}`,
						passes: isValid(asDraft(draft, schema), test.data) === test.valid,
					})),
				),
		);

		it('passes, but for what is listed here by name', () => {
			const failures = outcomes.filter(({ passes }) => !passes).map(({ name }) => name);
			expect(failures.sort()).toEqual([...EXPECTED_FAILURES[draft]].sort());
		});

		it('was run whole', () => {
			expect(outcomes).toHaveLength({ 'draft2020-12': 1_299, draft7: 927 }[draft]);
		});
	},
);
