import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';
import { strip } from '../shared/credential/invisible';
import { UnusableCredential } from '../shared/credential/unusableCredential';
import { type AuthenticationMethod, CREDENTIAL_BY_AUTHENTICATION } from '../shared/authenticationMethod';
import { hasErrorOutput, outgoing } from './input';
import { portsOf } from './ports';
import { gather } from './send/batch';
import { deliver } from './send/deliver';
import type { OutgoingEvent } from './send/outgoingEvent';
import { buildSigner } from './send/sign/buildSigner';
import type { Signer } from './send/sign/signer';
import { type Verdict, verdictsOn } from './send/verdict';
import { failedItem, verdictItem } from './send/verdictItem';
import { readSendSettings, type SendSettings } from './settings';

/** The data of the credential that a run needs. */
interface SigningCredential {
	readonly signer: Signer;
	/** The Webhook URL in the credential. Empty when there is none. */
	readonly url: string;
}

/**
 * The credential of the node's authentication. @throws NodeOperationError when nothing can be signed with it
 */
export async function readCredential(context: IExecuteFunctions): Promise<SigningCredential> {
	const method = context.getNodeParameter('authentication', 0) as AuthenticationMethod;
	const data = await context.getCredentials<IDataObject>(CREDENTIAL_BY_AUTHENTICATION[method]);
	const url = typeof data.webhookUrl === 'string' ? strip(data.webhookUrl) : '';
	return { signer: signerOf(context, method, data), url };
}

function signerOf(context: IExecuteFunctions, method: AuthenticationMethod, data: IDataObject): Signer {
	try {
		return buildSigner(method, data);
	} catch (error) {
		const isInPlainWords = error instanceof UnusableCredential;
		throw new NodeOperationError(
			context.getNode(),
			isInPlainWords ? error.message : 'The credential could not be read',
			{ description: 'Open the credential of this node and correct it.' },
		);
	}
}

/** Sends the events for one URL, and decides the result of each event by the answer. */
async function* send(
	context: IExecuteFunctions,
	url: string,
	events: readonly OutgoingEvent[],
	signer: Signer,
	settings: SendSettings,
): AsyncGenerator<Verdict[]> {
	const ports = portsOf(context, settings.timeoutMs);
	const destination = { url, signer, compress: settings.compress, retry: settings.retry };
	for (const batch of gather(events, settings.eventsPerRequest)) {
		const delivery = await deliver(batch.body, destination, ports);
		yield verdictsOn(batch, delivery, ports.now());
	}
}

/** The first fault of these events that the receiver reported: the first one to correct. */
function firstFault(verdicts: readonly Verdict[]): string {
	const faulty = verdicts.find(({ errors }) => errors.length > 0);
	if (faulty === undefined) return '';
	const { index = 0, size = 1 } = faulty.request ?? {};
	const place = size === 1 ? '' : `event ${index + 1} of ${size}, `;
	return ` First fault: ${place}${faulty.errors[0]?.message ?? ''}.`;
}

function errorOf(
	context: IExecuteFunctions,
	verdict: Verdict,
	verdicts: readonly Verdict[],
	sent: number,
): NodeOperationError {
	const before = sent === 0 ? '' : ` ${sent} ${sent === 1 ? 'event was' : 'events were'} sent before.`;
	const again =
		verdict.status === 'failed'
			? 'You can run this again: events that did arrive are recognized by their event_id.'
			: 'Nothing was accepted.';
	const message = `${verdict.message ?? 'The events could not be sent.'}${firstFault(verdicts)}`;
	return new NodeOperationError(context.getNode(), message, {
		itemIndex: verdict.event.itemIndex,
		description: `${again}${before}`,
	});
}

const hasFailed = ({ status }: Verdict): boolean => status === 'failed' || status === 'rejected';

/**
 * Sends the events of all input items, combined into requests, and returns one item for each event, in order.
 * @throws NodeOperationError when a request is refused or gets no valid answer, or when no dead letter could
 * be sent again. If the node continues on errors, the items contain the error instead.
 */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const settings = readSendSettings(
		context.getNodeParameter('eventsPerRequest', 0),
		context.getNodeParameter('options', 0, {}),
	);
	const credential = await readCredential(context);
	const { results, byUrl, order, unsent } = outgoing(context, credential.url, settings);
	let sent = 0;
	for (const [url, events] of byUrl) {
		for await (const verdicts of send(context, url, events, credential.signer, settings)) {
			for (const verdict of verdicts) {
				const failure = hasFailed(verdict)
					? errorOf(context, verdict, verdict.errors.length > 0 ? [verdict] : verdicts, sent)
					: null;
				if (failure !== null && !context.continueOnFail()) throw failure;
				const said = verdictItem(verdict);
				const json = failure === null ? said : failedItem(said, failure.message, hasErrorOutput(context));
				results.push({
					order: order.get(verdict.event) ?? 0,
					item: { json: json as IDataObject, pairedItem: { item: verdict.event.itemIndex } },
				});
			}
			sent += verdicts.length;
		}
	}
	if (unsent !== null) {
		if (sent === 0) throw unsent;
		context.addExecutionHints({
			message: `Not every dead letter was sent again. The first that was not: ${unsent.message}`,
			type: 'warning',
			location: 'outputPane',
		});
	}
	return [results.sort((a, b) => a.order - b.order).map(({ item }) => item)];
}
