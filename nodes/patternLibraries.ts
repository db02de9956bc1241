/**
 * What reads and runs regular expressions: a third of what this package has in libraries, and needed only where a schema has
 * a `pattern`. So it is a file of its own in the package, loaded by its first use.
 */
export { RegExpParser } from '@eslint-community/regexpp';
export { RE2JS } from 're2js';
