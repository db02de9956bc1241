import {
	FaultyOrigin,
	readOrigins,
} from '../../../../../nodes/GameInsightsWebhook/intake/admission/originList';

describe('a list of origins', () => {
	it('is none when it is empty', () => {
		expect(readOrigins([])).toBeNull();
	});

	it.each([
		['*', '*'],
		['https://play.my-studio.com', 'https://play.my-studio.com'],
		['https://play.my-studio.com/', 'https://play.my-studio.com'],
		['HTTPS://Play.My-Studio.com', 'https://play.my-studio.com'],
		['https://play.my-studio.com:443', 'https://play.my-studio.com'],
		['https://play.my-studio.com:8443', 'https://play.my-studio.com:8443'],
		['http://localhost:3000', 'http://localhost:3000'],
		['http://[::1]:3000', 'http://[::1]:3000'],
		['https://bücher.example', 'https://xn--bcher-kva.example'],
	])('holds %s as browsers write it', (entry, origin) => {
		expect(readOrigins([entry])).toEqual(new Set([origin]));
	});

	it('holds each origin once', () => {
		expect(readOrigins(['https://a.example', 'https://b.example', 'https://A.example/'])).toEqual(
			new Set(['https://a.example', 'https://b.example']),
		);
	});

	it.each([
		'',
		'play.my-studio.com',
		'//play.my-studio.com',
		'https://play.my-studio.com/game',
		'https://play.my-studio.com/?',
		'https://play.my-studio.com/#top',
		'https://me@play.my-studio.com',
		'https://*.my-studio.com/*',
		'ws://play.my-studio.com',
		'ftp://play.my-studio.com',
		'file:///',
		'blob:https://play.my-studio.com/1',
		'null',
		'**',
	])('is not made with %j, which is no origin', (entry) => {
		const words = `"${entry}" is no origin: write it as the address of a page begins, like https://play.my-studio.com, without a path.`;
		expect(() => readOrigins(['*', entry])).toThrow(new FaultyOrigin(words));
		expect(() => readOrigins(['*', entry])).toThrow(FaultyOrigin);
	});
});
