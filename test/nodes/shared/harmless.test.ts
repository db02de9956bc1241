import fc from 'fast-check';
import { harmless, harmlessQuote, unlinked, visible } from '../../../nodes/shared/harmless';
import { processorMs } from '../../support/processorMs';
import { inputs } from '../../support/quick';

/** What chats, e-mails and browsers act on. */
const HAS_EFFECT: ReadonlyArray<readonly [string, RegExp]> = [
	['a mention or link of Slack', /<[!@#]|<\w+:|<https?:/u],
	['a tag of HTML', /<\/?\w/u],
	['a mention', /@[\p{L}\p{N}_&!*<]/u],
	['a URL', /[a-z]:\/\//iu],
	['a host', /\bwww\.\S|[\p{L}\p{N}]\.(com|net|org|io)\b/iu],
	['a link of Markdown', /\]\(/u],
	['a block of code', /``/u],
	['bold, struck or hidden text', /\*|~~|\|\|/u],
	['a line break or control character', /[\p{Cc}\p{Zl}\p{Zp}]/u],
	[
		'a bidi or zero-width character',
		/[\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad\u{e0000}-\u{e007f}]/u,
	],
];

describe("a text of somebody else's has no effect in a sentence", () => {
	it.each([
		['<!channel>', '‹!channel›'],
		['<!subteam^S012AB>', '‹!subteam^S012AB›'],
		['<!here|here>', '‹!here|here›'],
		['<@U123>', '‹＠U123›'],
		['<@&81384788765712384>', '‹＠&81384788765712384›'],
		['<#C123>', '‹#C123›'],
		['<<!channel>>', '‹‹!channel››'],
		['<at>all</at>', '‹at›all‹/at›'],
		['@everyone', '＠everyone'],
		['@here, @channel', '＠here, ＠channel'],
		['@\u200beveryone', '＠\\u200beveryone'],
		['<https://evil.example/login|Re-login>', '‹https:∕∕evil․example/login|Re-login›'],
		['[Re-login](https://evil.example)', '[Re-login] (https:∕∕evil․example)'],
		['![](https://evil.example/x.png)', '![] (https:∕∕evil․example/x.png)'],
		['<a href="https://evil.example">x</a>', '‹a href="https:∕∕evil․example">x‹/a›'],
		['see HTTPS://evil.example', 'see HTTPS:∕∕evil․example'],
		['tg://resolve?domain=x', 'tg:∕∕resolve?domain=x'],
		['evil.example/login', 'evil․example/login'],
		['evil.example:8080', 'evil․example:8080'],
		['//evil.com', '//evil․com'],
		['www.evil.example', 'www․evil.example'],
		['support@evil.com', 'support＠evil․com'],
		['<mailto:a@evil.com|write>', '‹mailto:a＠evil․com|write›'],
		['**bold** ~~gone~~ ||hidden|| `code` ```block```', '∗∗bold∗∗ ∼∼gone∼∼ ∣∣hidden∣∣ `code` ‘‘‘block‘‘‘'],
		['# Heading', '＃ Heading'],
		['> quote', '› quote'],
		['pur\u202eesahc', 'pur\\u202eesahc'],
		['\u2066a\u2069\u200e', '\\u2066a\\u2069\\u200e'],
		['a\u200b\u200d\u00ad\ufeffb', 'a\\u200b\\u200d\\u00ad\\ufeffb'],
		['\u3164', '\\u3164'],
		['\u{e0041}', '\\u{e0041}'],
		['half \ud800', 'half \\ud800'],
		['one\r\n\ttwo\u2028three\u0085four\u0000', 'one two three four '],
		['\u001b[31mred', ' [31mred'],
	])('%j becomes %j', (text, becomes) => {
		expect(harmless(text)).toBe(becomes);
		for (const [effect, sign] of HAS_EFFECT) {
			// The rest of a tag, after its name.
			expect([effect, sign.exec(harmless(text))?.[0]]).toEqual([effect, undefined]);
		}
	});

	it.each([
		'level_complete',
		'checkout.session.completed',
		'__proto__',
		'1 < 2 and 3 > 2, a -> b, x => y, 1 << 2',
		'Größe 25 %, 9,99 €',
		'Unexpected token } in JSON at position 3',
		'auth0|5f7c8ec7c33c6c004bbafe82',
		'a ~ b, ~/x, #5, [0], (x), "quoted"',
		'10.0.0.1:443 and v1.2.3/x',
		'👨‍👩‍👧 👍🏽 ❤️ 🏳️‍🌈',
		'日本語 العربية עברית',
	])('%j stays as it is', (text) => {
		expect(harmless(text)).toBe(text);
	});

	it('whatever it is, and a second time changes nothing', () => {
		const piece = fc.constantFrom(
			...[
				'<',
				'>',
				'!',
				'@',
				'channel',
				'everyone',
				'[',
				']',
				'(',
				')',
				'https',
				':',
				'/',
				'//',
				'.',
				'com',
				'www',
				'|',
			],
			...[
				'*',
				'`',
				'~',
				'_',
				'#',
				' ',
				'\n',
				'\u202e',
				'\u200b',
				'\u200d',
				'\ufe0f',
				'😀',
				'a',
				'"',
				'\\',
				'-',
				'=',
			],
		);
		const texts = fc.oneof(
			fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
			fc.string({ unit: 'binary', maxLength: 60 }),
		);
		fc.assert(
			fc.property(texts, (text) => {
				const once = harmless(text);
				const effects = HAS_EFFECT.filter(([, sign]) => sign.test(once)).map(([effect]) => effect);
				expect([effects, harmless(once)]).toEqual([[], once]);
			}),
			{ numRuns: inputs(3_000) },
		);
	});

	it('takes time in step with its length', () => {
		const longest = 2_000;
		for (const piece of ['a.', 'a', '<', '@', ' ', '\u202e', 'a-a.', '://', '[](', '😀\u200d']) {
			expect(processorMs(() => harmless(piece.repeat(longest / piece.length)))).toBeLessThan(1_000);
		}
	});
});

it('a quote does not end the name of ours that stands between backticks', () => {
	expect(harmlessQuote('a` <!here> `b')).toBe('a‘ ‹!here› ‘b');
});

it('a name of ours keeps its brackets, and leads nowhere', () => {
	expect(unlinked('items[0].price')).toBe('items[0].price');
	expect(unlinked('properties.evil.com')).toBe('properties.evil․com');
});

it('a label shows everything, and stays searchable', () => {
	expect(visible('anna@studio.com\u202e')).toBe('anna@studio.com\\u202e');
});
