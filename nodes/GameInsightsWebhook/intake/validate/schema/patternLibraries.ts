import type * as libraries from '../../../../patternLibraries';

/**
 * The libraries for regular expressions, loaded by the first call: they are large, and most endpoints have no schema with a
 * `pattern`. Not by `import()`: a pattern is read in the middle of a schema, where nothing can be awaited.
 */
export const patternLibraries = (): typeof libraries =>
	require('../../../../patternLibraries') as typeof libraries;
