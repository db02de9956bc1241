/**
 * What reads and runs regular expressions: a third of the package, and needed only where a schema has a
 * `pattern`. So the build makes it a file of its own, which is loaded by the first pattern (gulpfile.js).
 */
export { RegExpParser } from '@eslint-community/regexpp';
export { RE2JS } from 're2js';
