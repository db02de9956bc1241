import { createHmac } from 'node:crypto';
import { buildAuthenticator } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import { readForm } from '../../../../../nodes/GameInsightsWebhook/intake/parse/form';
import { UnreadableBody } from '../../../../../nodes/shared/events/unreadableBody';
import { receive } from '../../../../../nodes/GameInsightsWebhook/intake/receive';
import { buildIntakeRules } from '../../../../../nodes/GameInsightsWebhook/intake/rules';
import { readEvents } from '../../../../../nodes/shared/events/events';
import { incomingRequest } from '../../../../support/incomingRequest';
import { taken, USUAL_SETTINGS } from '../../../../support/taken';

const FORM = ['Content-Type', 'application/x-www-form-urlencoded'] as const;

describe('a form', () => {
	it.each([
		['event_type=a&user_id=p1', '{"event_type":"a","user_id":"p1"}'],
		['a=1&a=2&b=', '{"a":["1","2"],"b":""}'],
		['a+b=c%20d%2B&%E2%82%AC=%F0%9F%98%80', '{"a b":"c d+","€":"😀"}'],
		['a=b=c&&d', '{"a":"b=c","d":""}'],
		['__proto__=x', '{"__proto__":"x"}'],
		['payload=%7B%22a%22%3A1%7D', '{"a":1}'],
		['payload=%5B1%5D', '[1]'],
		['payload=%7B%7D&other=1', '{"payload":"{}","other":"1"}'],
		['payload=text', '{"payload":"text"}'],
		['payload=x%5B1%5D', '{"payload":"x[1]"}'],
		['payload=+%7B%7D', ' {}'],
		['list=[1]', '{"list":"[1]"}'],
		[' {"a":1}', ' {"a":1}'],
		['\r\n\t[1]', '\r\n\t[1]'],
	])('%s', (form, json) => {
		expect(readForm(form)).toBe(json);
	});

	it.each(['a=%', 'a=%zz', '%ff=1', 'a=%C0%80'])('that is no text is not put right: %s', (form) => {
		expect(readForm(form)).toEqual(
			new UnreadableBody(400, 'encoding', 'The form is not percent-encoded UTF-8'),
		);
	});

	it.each([
		['data=eyJhIjoxfQ==', '{"a":1}'],
		['data=eyJhIjoiPj4+In0', '{"a":">>>"}'],
		['data=eyJhIjoiPj4+In0=&data=x', '{"a":">>>"}'],
		['ip=1&data=%7B%7D', '{}'],
		['data=+%0A%5B%5D', ' \n[]'],
	])('whose events stand in a field, as JSON or as base64: %s', (form, json) => {
		expect(readForm(form, 'data')).toBe(json);
	});

	it('without that field is read like any other', () => {
		expect(readForm('ip=1', 'data')).toBe('{"ip":"1"}');
	});

	it('of our own fields is an event', async () => {
		const receipt = await taken({ headers: [FORM], body: 'event_type=a&amount=9.99' });
		expect(readEvents(receipt.source)).toEqual([{ event_type: 'a', amount: '9.99' }]);
		expect(receipt.accepted).toHaveLength(1);
	});

	it('of somebody else is read by custom paths', async () => {
		const paths = { events: '', eventType: 'name', eventId: 'id', userId: '', timestamp: 't' };
		const receipt = await taken(
			{ headers: [FORM], body: 'name=install&id=7&t=1768478400' },
			{ eventFormat: { name: 'custom', paths } },
		);
		expect(readEvents(receipt.source)).toEqual([
			{
				event_type: 'install',
				timestamp: '2026-01-15T12:00:00.000Z',
				event_id: '7',
				properties: { name: 'install', id: '7', t: '1768478400' },
			},
		]);
	});
});

describe('a signed form', () => {
	const secretKey = 'a secret of thirty-two characters';
	const body = `payload=${encodeURIComponent('{"action":"opened","sender":{"id":7}}')}`;
	const sent = async (bytes: string) =>
		receive(
			incomingRequest({
				headers: [
					FORM,
					['X-GitHub-Event', 'issues'],
					['X-Hub-Signature-256', `sha256=${createHmac('sha256', secretKey).update(body).digest('hex')}`],
				],
				body: bytes,
			}),
			buildIntakeRules(USUAL_SETTINGS),
			buildAuthenticator('hmac', { scheme: 'github', secretKey }),
		);

	it('is verified over its raw bytes, and its payload becomes the event (GitHub)', async () => {
		expect(readEvents((await sent(body)).source)).toEqual([
			{ event_type: 'issues', user_id: '7', properties: { action: 'opened', sender: { id: 7 } } },
		]);
	});

	it('that says the same in other bytes is refused', async () => {
		await expect(sent(body.replace('%22', '"'))).rejects.toMatchObject({ code: 'unauthorized' });
	});
});
