/**
 * The libraries that read and run regular expressions. They are a third of the package, and only needed for a
 * schema with a `pattern`. So the build puts them into a separate file, which is loaded for the first pattern
 * (gulpfile.js).
 */
export { RegExpParser } from '@eslint-community/regexpp';
export { RE2JS } from 're2js';
