import {
	answersOfFormat,
	buildFormat,
	FaultyFormat,
	typedAnswer,
} from '../../../../../nodes/GameInsightsWebhook/intake/formats/readyFormat';
import { FORMATS } from '../../../../../nodes/shared/formats/formats';

const PATHS = { events: '', eventType: 'kind', eventId: '', userId: '', timestamp: '' };

describe('an event format', () => {
	it('is none where events are in our own', () => {
		expect(buildFormat({ name: 'gameInsights', paths: null })).toBeNull();
		expect(answersOfFormat({ name: 'gameInsights', paths: null })).toBeUndefined();
	});

	it.each([...FORMATS.keys()])('%s is made ready, and answered in its own way where it has one', (name) => {
		const format = buildFormat({ name, paths: null });
		expect(format).toMatchObject({ keepsFaults: false, answers: { repeatsOn: 'unsaid' } });
		expect(format?.answers).toEqual(answersOfFormat({ name, paths: null }));
		expect(format?.idWithin).toHaveLength(FORMATS.get(name)?.idWithin?.length ?? 0);
		expect(format?.required).toHaveLength(FORMATS.get(name)?.required?.length ?? 0);
	});

	it('of its owner has no more than its paths, and the usual answers', () => {
		expect(buildFormat({ name: 'custom', paths: { ...PATHS, events: 'data.list' } })).toMatchObject({
			events: [['data', 'list']],
			idWithin: [],
			required: [],
			keepsFaults: true,
			answers: { repeatsOn: 'unsaid' },
		});
		expect(answersOfFormat({ name: 'custom', paths: PATHS })).toBeUndefined();
	});

	const noPath = (label: string, path: string) =>
		`"${label}" holds "${path}", which is no path: write the names from the event down, with dots between them, like data.user.id.`;
	const secret = (label: string, path: string) =>
		`"${label}" holds "${path}": a header with a key, token or cookie never becomes a part of an event. Choose another field.`;
	it.each([
		[null, 'Fill in "Event Type Path": without it no event has a type.'],
		[{ ...PATHS, eventType: '' }, 'Fill in "Event Type Path": without it no event has a type.'],
		[{ ...PATHS, events: 'a.' }, noPath('Events Path', 'a.')],
		[{ ...PATHS, eventType: 'a..b' }, noPath('Event Type Path', 'a..b')],
		[{ ...PATHS, eventId: '.a' }, noPath('Event ID Path', '.a')],
		[{ ...PATHS, userId: '$.a.' }, noPath('User ID Path', '$.a.')],
		[{ ...PATHS, timestamp: '$header.' }, noPath('Timestamp Path', '$header.')],
		[{ ...PATHS, userId: '$header.Authorization' }, secret('User ID Path', '$header.Authorization')],
		[
			{ ...PATHS, userId: '$header.proxy-authorization' },
			secret('User ID Path', '$header.proxy-authorization'),
		],
		[{ ...PATHS, eventId: '$header.cookie' }, secret('Event ID Path', '$header.cookie')],
		[{ ...PATHS, eventType: '$header.X-API-Key' }, secret('Event Type Path', '$header.X-API-Key')],
	])('of its owner can not be made of %j', (paths, words) => {
		expect(() => buildFormat({ name: 'custom', paths })).toThrow(new FaultyFormat(words));
	});
});

describe('the answer that an owner typed', () => {
	it('is none when nothing was typed', () => {
		expect(typedAnswer('')).toBeNull();
	});

	it.each(['{"ok":true}', ' \n[1]', '"OK"', '{}'])('is sent as JSON when it is: %j', (body) => {
		expect(typedAnswer(body)).toEqual({
			status: 200,
			headers: { 'content-type': 'application/json' },
			body,
		});
	});

	it.each(['OK', '1', 'null', 'true', '{ok}', '[1', '"', 'ok: {}', 'ok []', 'x"y"', ' '])(
		'is sent as a text when it is anything else: %j',
		(body) => {
			expect(typedAnswer(body)).toEqual({
				status: 200,
				headers: { 'content-type': 'text/plain; charset=utf-8' },
				body,
			});
		},
	);
});
