import { dated, faultsOf, nextVersions, notesOf } from '../../scripts/releaseRules';

const changelog =
	'# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-01-01\n\n- The first.\n';
const ready = {
	version: '0.2.0',
	current: '0.1.0',
	tags: ['v0.1.0'],
	branch: 'main',
	changes: '',
	changelog,
};

describe('a release', () => {
	it.each(['0.1.1', '0.2.0', '1.0.0'])('may be %s after 0.1.0', (version) => {
		expect(faultsOf({ ...ready, version })).toEqual([]);
	});

	it('may be the version that is there when it is the first', () => {
		expect(faultsOf({ ...ready, version: '0.1.0', tags: [''] })).toEqual([]);
	});

	it.each([
		[{ version: '' }, 'is no version'],
		[{ version: 'v0.2.0' }, 'is no version'],
		[{ version: '0.2.0-beta.1' }, 'is no version'],
		[{ version: '00.2.0' }, 'is no version'],
		[{ version: '0.1.0' }, 'There is a tag v0.1.0'],
		[{ version: '0.3.0' }, '0.3.0 does not follow 0.1.0'],
		[{ version: '0.0.9' }, '0.0.9 does not follow 0.1.0'],
		[{ branch: 'topic' }, 'made on main'],
		[{ branch: '' }, 'no branch'],
		[{ changes: ' M README.md' }, 'not committed'],
		[{ changelog: changelog.replace(/### Added\n\n- A thing\.\n/, '') }, 'says nothing'],
		[{ changelog: '# Changelog\n' }, 'says nothing'],
	])('is refused with %j', (change, words) => {
		expect(faultsOf({ ...ready, ...change })).toEqual([expect.stringContaining(words)]);
	});

	it('dates what was unreleased, and leaves room for what comes', () => {
		const after = dated(changelog, '0.2.0', '2026-02-01');
		expect(after).toContain('## [Unreleased]\n\n## [0.2.0] - 2026-02-01\n\n### Added\n\n- A thing.');
		expect(faultsOf({ ...ready, version: '0.2.1', current: '0.2.0', changelog: after })).toEqual([
			'The changelog says nothing under [Unreleased]',
		]);
		expect(notesOf(after, '0.2.0')).toBe('### Added\n\n- A thing.');
		expect(notesOf(after, '0.1.0')).toBe('- The first.');
		expect(notesOf(after, '9.9.9')).toBe('');
	});

	it('names the versions that may follow', () => {
		expect(nextVersions('1.2.3')).toEqual(['1.2.4', '1.3.0', '2.0.0']);
	});
});
