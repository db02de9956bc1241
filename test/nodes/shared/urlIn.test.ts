import { urlIn } from '../../../nodes/shared/urlIn';

it('a text that is no URL is none', () => {
	expect(urlIn('play.my-studio.com')).toBeNull();
	expect(urlIn('')).toBeNull();
});

it('a name with other letters is a URL, however often it is asked for', () => {
	for (let time = 0; time < 20_000; time++) {
		expect(urlIn('https://bücher.example')?.origin).toBe('https://xn--bcher-kva.example');
	}
});
