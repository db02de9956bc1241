import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { IWebhookFunctions } from 'n8n-workflow';
import { closeToBrowsers, openToBrowsers } from '../../../../nodes/GameInsightsWebhook/n8n/cors';
import { Refusal } from '../../../../nodes/shared/refusal';

const PAGE = 'https://play.my-studio.com';

/** A request of a page of this origin, as n8n hands it over: pages of every origin may read the answer. */
function requestOf(origin: string | undefined) {
	const request = new IncomingMessage(new Socket());
	if (origin !== undefined) request.headers.origin = origin;
	const response = new ServerResponse(request);
	response.setHeader('Access-Control-Allow-Origin', origin ?? '*');
	const context = { getRequestObject: () => request, getResponseObject: () => response };
	return { context: context as unknown as IWebhookFunctions, response };
}

it('no page may read the answer unless it is allowed', () => {
	const { context, response } = requestOf(PAGE);
	closeToBrowsers(context);
	expect(response.getHeaders()).toEqual({});
});

it.each([[PAGE], ['*']])('a page may read the answer when %s is on the list', (allowed) => {
	const { context, response } = requestOf(PAGE);
	closeToBrowsers(context);
	openToBrowsers(context, new Set([allowed]));
	expect({ ...response.getHeaders() }).toEqual({
		'access-control-allow-origin': PAGE,
		'access-control-expose-headers': 'Retry-After',
		vary: 'Origin',
	});
});

it('what the answer varies by already is kept', () => {
	const { context, response } = requestOf(PAGE);
	response.setHeader('Vary', 'Accept-Encoding');
	openToBrowsers(context, new Set([PAGE]));
	expect(response.getHeader('Vary')).toBe('Accept-Encoding, Origin');
});

it('a page of another origin is refused with 403', () => {
	const { context, response } = requestOf('https://elsewhere.example');
	closeToBrowsers(context);
	let refusal: unknown;
	try {
		openToBrowsers(context, new Set([PAGE]));
	} catch (error) {
		refusal = error;
	}
	expect(refusal).toBeInstanceOf(Refusal);
	expect(refusal).toMatchObject({ status: 403, code: 'origin_not_allowed' });
	expect({ ...response.getHeaders() }).toEqual({});
});

it.each([
	['a program, which has no origin', undefined, new Set([PAGE])],
	['a page, where there is no list', PAGE, null],
] as Array<[string, string | undefined, ReadonlySet<string> | null]>)(
	'%s is not refused, and no page may read the answer',
	(_, origin, allowed) => {
		const { context, response } = requestOf(origin);
		closeToBrowsers(context);
		openToBrowsers(context, allowed);
		expect({ ...response.getHeaders() }).toEqual({});
	},
);
