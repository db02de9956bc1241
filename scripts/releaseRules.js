/** The rules for a release, and the changes to the changelog. These functions change no files. */

/** @typedef {[major: number, minor: number, patch: number]} Version */

/** @param {string} text @returns {Version | null} Semantic Versioning 2.0.0, without pre-releases */
function parse(text) {
	const match = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text);
	return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null;
}

/** @param {string} current @returns {string[]} the versions that may follow: patch, minor, major */
function nextVersions(current) {
	const [major, minor, patch] = parse(current) ?? [0, 0, 0];
	return [`${major}.${minor}.${patch + 1}`, `${major}.${minor + 1}.0`, `${major + 1}.0.0`];
}

/** @param {string} changelog @returns {string} the text under Unreleased */
function unreleased(changelog) {
	return /^## \[Unreleased\]\s*\n([\s\S]*?)(?=^## \[|(?![\s\S]))/m.exec(changelog)?.[1]?.trim() ?? '';
}

/**
 * @param {string} changelog
 * @param {string} version
 * @returns {string} the text under a version, for its release on GitHub
 */
function notesOf(changelog, version) {
	const heading = `## [${version}]`;
	const start = changelog.indexOf(heading);
	if (start === -1) return '';
	const text = changelog.slice(changelog.indexOf('\n', start) + 1);
	const end = text.search(/^## \[/m);
	return (end === -1 ? text : text.slice(0, end)).trim();
}

/**
 * @param {{ version: string, current: string, tags: string[], branch: string, changes: string, changelog:
 * string }} state
 * @returns {string[]} reasons not to release that version; empty when there are none
 */
function faultsOf({ version, current, tags, branch, changes, changelog }) {
	const faults = [];
	const isFirst = !tags.some((tag) => /^v\d/.test(tag));
	const allowed = isFirst ? [current, ...nextVersions(current)] : nextVersions(current);
	if (parse(version) === null) faults.push(`"${version}" is no version like 1.2.3`);
	else if (tags.includes(`v${version}`)) faults.push(`There is a tag v${version} already`);
	else if (!allowed.includes(version))
		faults.push(`${version} does not follow ${current}: ${allowed.join(', ')} do`);
	if (branch !== 'main') faults.push(`Releases are made on main, this is ${branch || 'no branch'}`);
	if (changes !== '') faults.push(`There are changes that are not committed:\n${changes}`);
	if (unreleased(changelog) === '') faults.push('The changelog says nothing under [Unreleased]');
	return faults;
}

/**
 * @param {string} changelog
 * @param {string} version
 * @param {string} date YYYY-MM-DD
 * @returns {string} the changelog, with the unreleased text under the version
 */
function dated(changelog, version, date) {
	return changelog.replace('## [Unreleased]', () => `## [Unreleased]\n\n## [${version}] - ${date}`);
}

module.exports = { dated, faultsOf, nextVersions, notesOf };
