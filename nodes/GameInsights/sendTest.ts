import { randomUUID } from 'crypto';
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';
import { isJsonObject } from '../shared/json/jsonValue';
import { readJson } from '../shared/json/readJson';
import { readCredential } from './execute';
import { readUrl } from './input';
import { textParameter } from './lookUp';
import { portsOf } from './ports';
import { deliver } from './send/deliver';
import { type SampleOccasion, bodyOfEvents, ownSample, sampleOfFormat } from './send/sample/sampleBody';
import { sampleOf } from './send/sample/schemaSample';

const TIMEOUT_MS = 30_000;
const ONCE = { maxRetries: 0, initialDelayMs: 0, maxDelayMs: 0 };

/**
 * *Event: Send Test Event*: sends a sample to a webhook. So users who build the workflow see the fields
 * before a sender exists.
 * @throws NodeOperationError when it is not accepted; it says what to do
 */
export async function sendTest(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const credential = await readCredential(context);
	const items: INodeExecutionData[] = [];
	for (let item = 0; item < context.getInputData().length; item++) {
		const url = readUrl(context, item, credential.url);
		const body = bodyFor(context, item);
		const destination = { url, signer: credential.signer, compress: false, retry: ONCE };
		const delivery = await deliver(JSON.stringify(body), destination, portsOf(context, TIMEOUT_MS));
		if (delivery.kind === 'unanswered') {
			throw failed(
				context,
				item,
				`The webhook did not answer: ${delivery.message}`,
				'Check the Webhook URL.',
			);
		}
		const { status, body: answer } = delivery.answer;
		if (status < 200 || status > 299)
			throw failed(context, item, `The webhook answered ${status}`, hintOn(status, answer));
		const json = { http_status: status, answer: answer ?? null, sent: body } as IDataObject;
		items.push({ json, pairedItem: { item } });
	}
	return [items];
}

function bodyFor(context: IExecuteFunctions, item: number): object {
	const occasion: SampleOccasion = { nowMs: Date.now(), newId: () => randomUUID() };
	const withDeadLetter = context.getNodeParameter('withDeadLetter', item, true) === true;
	const kind = textParameter(context, 'sample', item);
	if (kind === 'schema') return bodyOfEvents([eventOfSchema(context, item, occasion)], withDeadLetter);
	if (kind === 'gameInsights') return bodyOfEvents([ownSample(occasion)], withDeadLetter);
	const body = sampleOfFormat(kind, withDeadLetter, occasion);
	if (typeof body === 'object' && body !== null) return body;
	throw new NodeOperationError(context.getNode(), `There is no sample of "${kind}"`, { itemIndex: item });
}

/** An event for the user's own schema. A type and an id are added if the schema does not define them. */
function eventOfSchema(context: IExecuteFunctions, item: number, { newId }: SampleOccasion): object {
	const typed = context.getNodeParameter('schema', item) as unknown;
	const schema = typeof typed === 'string' ? readJson(typed) : typed;
	const event = isJsonObject(schema) ? sampleOf(schema) : undefined;
	if (!isJsonObject(event)) {
		throw new NodeOperationError(context.getNode(), 'The field Schema must be a JSON Schema of an object', {
			itemIndex: item,
			description: 'Paste the schema from the option Validation: Event Schemas of the trigger.',
		});
	}
	const type = textParameter(context, 'schemaEventType', item);
	return { event_id: newId(), ...event, ...(type === '' ? {} : { event_type: type }) };
}

/** What to do after an answer that is not a success. */
function hintOn(status: number, answer: Readonly<Record<string, unknown>> | undefined): string {
	if (status === 404) {
		return 'No trigger listens at this URL. For a test URL, click "Execute step" on the Game Insights Webhook of the receiving workflow, and execute this node within two minutes. For a production URL, publish that workflow.';
	}
	if (status === 401)
		return 'Choose the same authentication and the same credential as in the receiving trigger.';
	const { message } = (answer?.error ?? {}) as { message?: unknown };
	return typeof message === 'string' ? message : 'Check the Webhook URL.';
}

const failed = (
	context: IExecuteFunctions,
	itemIndex: number,
	message: string,
	description: string,
): NodeOperationError => new NodeOperationError(context.getNode(), message, { itemIndex, description });
