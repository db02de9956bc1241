import fc from 'fast-check';
import committed from '../../../../docs/openapi.json';
import {
	eventJsonSchema,
	openApiDocument,
} from '../../../../nodes/GameInsightsWebhook/intake/openApiDocument';
import { Refusal, REFUSALS, type RefusalCode } from '../../../../nodes/shared/refusal';
import { busy, notKept, refusalReply } from '../../../../nodes/GameInsightsWebhook/intake/reply';
import { checkEvent } from '../../../../nodes/GameInsightsWebhook/intake/validate/checkEvent';
import { EVENT_RULES } from '../../../../nodes/GameInsightsWebhook/intake/validate/eventRules';
import { compileEventSchema } from '../../../../nodes/GameInsightsWebhook/intake/validate/schema/eventSchema';
import { NUMBER_BOUNDS } from '../../../../nodes/GameInsightsWebhook/panel/numberBounds';
import { version } from '../../../../package.json';
import { ARRIVAL_MS } from '../../../support/incomingRequest';
import { undocumented } from '../../../support/openApiAnswers';
import { inputs } from '../../../support/quick';

describe('docs/openapi.json', () => {
	it('is what the rules say: after a change run npm run docs:openapi', () => {
		const maxEventsPerRequest = NUMBER_BOUNDS.maxEventsPerRequest.default;
		expect(committed).toEqual(JSON.parse(JSON.stringify(openApiDocument({ version, maxEventsPerRequest }))));
	});

	it('says what an event is, with an example that is valid', () => {
		expect(committed.components.schemas.Event).toEqual(eventJsonSchema());
		expect(eventJsonSchema()).toMatchObject({
			description: 'An event. Fields that are not named here pass through untouched.',
			examples: [
				{
					event_type: 'purchase',
					timestamp: '2026-11-24T12:00:00Z',
					user_id: 'player-1',
					event_id: 'order-4711',
					properties: { item: 'sword', amount: 9.99, currency: 'EUR' },
				},
			],
		});
	});

	it('calls the same events valid as the intake does', () => {
		const schema = compileEventSchema(JSON.stringify(eventJsonSchema()));
		const text = fc.oneof(
			fc.string(),
			fc.constantFrom(
				'',
				' ',
				'\u00a0\n',
				'purchase',
				'2026-01-15T12:00:00Z',
				'2026-02-30T00:00:00Z',
				'2016-12-31T23:59:60Z',
			),
		);
		const value = fc.oneof(text, fc.constantFrom<unknown>(null, 5, true, [], {}, { a: 1 }));
		const field = fc.constantFrom('event_type', 'event_id', 'user_id', 'timestamp', 'properties', 'other');
		const event = fc.oneof(fc.dictionary(field, value), value);
		fc.assert(
			fc.property(event, (candidate) => {
				const isValid = checkEvent(candidate, EVENT_RULES, ARRIVAL_MS).length === 0;
				expect([candidate, schema.faultsOf(candidate).length === 0]).toEqual([candidate, isValid]);
			}),
			{ numRuns: inputs(1_000) },
		);
	});

	it('knows every refusal', () => {
		for (const code of Object.keys(REFUSALS) as RefusalCode[]) {
			const details = {
				headers: { 'Retry-After': '1' },
				errors: [{ index: 0, code: 'type', message: 'x', path: '/a' }],
			};
			const { status, headers, body } = refusalReply(
				new Refusal(REFUSALS[code], code, 'words', details),
				'e7c1a4a0-0b53-4f1c-9d0a-3a5f7c7d4e11',
				undefined,
			);
			const answer = { status, body, headers: { 'retry-after': headers['Retry-After'] } };
			expect([code, undocumented(answer)]).toEqual([code, []]);
		}
	});

	it.each([
		['busy', refusalReply(busy(2.5), 'e7c1a4a0-0b53-4f1c-9d0a-3a5f7c7d4e11', undefined)],
		['not kept', refusalReply(notKept(), 'e7c1a4a0-0b53-4f1c-9d0a-3a5f7c7d4e11', undefined)],
	])('knows the answer of a line that is %s', (_, { status, headers, body }) => {
		expect(undocumented({ status, body, headers: { 'retry-after': headers['Retry-After'] } })).toEqual([]);
	});

	it.each([
		[
			{
				status: 429,
				headers: {},
				body: {
					error: { code: 'busy', message: 'm', errors: [] },
					request_id: 'e7c1a4a0-0b53-4f1c-9d0a-3a5f7c7d4e11',
				},
			},
			'The header Retry-After is missing',
		],
		[
			{
				status: 400,
				headers: {},
				body: {
					error: { code: 'busy', message: 'm', errors: [] },
					request_id: 'e7c1a4a0-0b53-4f1c-9d0a-3a5f7c7d4e11',
				},
			},
			'`error.code` must be "invalid_body" or "invalid_events", it is the text "busy"',
		],
		[
			{ status: 200, headers: {}, body: 'firstEntryJson' },
			'The event must be an object, it is the text "firstEntryJson"',
		],
		[{ status: 418, headers: {}, body: {} }, 'The status 418 is not documented'],
	])('does not know other answers', (answer, fault) => {
		expect(undocumented(answer)).toContain(fault);
	});
});
