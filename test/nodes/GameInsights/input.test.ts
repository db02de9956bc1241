import type { IExecuteFunctions, INode } from 'n8n-workflow';
import { outgoing } from '../../../nodes/GameInsights/input';
import { readSendSettings } from '../../../nodes/GameInsights/settings';

const URL = 'https://n8n.example/webhook/events';
const event = { event_type: 'purchase', event_id: 'e' };
const letter = {
	event,
	raw: null,
	stage: 'deliver',
	_delivery: { id: 'r.0' },
	redrive: { count: 0, of: null },
};
const notice = { ...letter, event: null, stage: 'notice', reason: 'outage', summary: 'Retries are paused.' };
const unread = { ...letter, event: null, raw: '{"a":', stage: 'parse' };

/** What `outgoing` asks n8n for: the items, and the parameters of *Dead Letter: Redrive*. */
function redrive(items: object[], onError = 'stopWorkflow') {
	const parameters = (index: number): Record<string, unknown> => ({
		resource: 'deadLetter',
		deadLetter: items[index],
		maxRedrives: 3,
		url: '',
	});
	const context = {
		getInputData: () => items.map((json) => ({ json })),
		getNode: () => ({ name: 'Redrive', onError }) as INode,
		getNodeParameter: (name: string, index: number) => parameters(index)[name],
		continueOnFail: () => onError !== 'stopWorkflow',
	};
	return outgoing(context as unknown as IExecuteFunctions, URL, readSendSettings(100, {}));
}

const said = ({ results }: ReturnType<typeof outgoing>) =>
	results.map(({ item }) => [item.pairedItem, item.json]);
const sent = ({ byUrl }: ReturnType<typeof outgoing>) =>
	[...byUrl.values()].flat().map((outgoingEvent) => outgoingEvent.event);

const passedOver = {
	status: 'notice',
	message: 'This is a notice, not a dead letter: it has no event to send again.',
	event_id: null,
	event_type: null,
	errors: [],
	request: null,
	event: {},
};

describe.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'])(
	'redriving notices, with On Error: %s',
	(onError) => {
		it('alone, nothing is sent and nothing is wrong', () => {
			const input = redrive([notice], onError);
			expect(said(input)).toEqual([[{ item: 0 }, passedOver]]);
			expect([sent(input), input.unsent]).toEqual([[], null]);
		});

		it('beside letters, the letters alone are sent', () => {
			const input = redrive([letter, notice, letter], onError);
			expect(said(input)).toEqual([[{ item: 1 }, passedOver]]);
			expect([sent(input), input.unsent]).toEqual([[event, event], null]);
		});
	},
);

it('a letter that can not be sent again is an error, whatever notices are beside it', () => {
	const { unsent } = redrive([notice, unread]);
	expect(unsent?.message).toContain('No event could be read');
	expect(unsent?.context.itemIndex).toBe(1);
});
