import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { refuseExpressions } from './expressions';
import { AuthenticatorCache } from './authenticatorCache';
import type { Arrival } from './queue/arrival';
import { arrivalOf, deadLetterOfRejected, payloadOfArrival } from './items/payload';
import type { Queue } from './queue/queue';
import { type Registry, registryKey } from './endpoint/registry';
import { NEEDS_ENGINE_1, isEngine2 } from './engine';
import { fetchJsonOf } from './fetchJson';
import { incomingRequest } from './incomingRequest';
import { buildAuthenticator } from './intake/authenticate/authenticator';
import type { AnswerRules, Authenticator } from './intake/authenticate/authentication';
import { RateLimiters } from './intake/admission/rateLimiter';
import { receive } from './intake/receive';
import type { Receipt } from './intake/receipt';
import { Refusal } from './intake/refusal';
import { type Reply, busy, notKept, receiptReply, refusalReply, unavailable } from './intake/reply';
import { FaultyIntakeSettings, type IntakeRules } from './intake/rules';
import type { JournalTarget, Journals } from './endpoint/journals';
import { journalTarget } from './endpoint/journalTarget';
import { RulesCache } from './rulesCache';
import { CREDENTIAL_BY_AUTHENTICATION, type Settings, readSettings } from './settings';

function notConfigured(operatorMessage: string): Refusal {
	const message = 'This endpoint is not set up. Nothing was taken; it is safe to send again.';
	return new Refusal(500, 'not_configured', message, { operatorMessage });
}

async function authenticatorOf(
	context: IWebhookFunctions,
	method: Settings['authentication'],
): Promise<Authenticator> {
	let credential: IDataObject;
	try {
		credential = await context.getCredentials<IDataObject>(CREDENTIAL_BY_AUTHENTICATION[method]);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw notConfigured(`The credential could not be read: ${reason}`);
	}
	return buildAuthenticator(method, credential, fetchJsonOf(context.helpers));
}

const keyOf = (context: IWebhookFunctions): string =>
	registryKey(context.getWorkflow().id, context.getNode().id);

/** While somebody tries things out in the editor, a credential that was just saved counts at once. */
async function authenticatorFor(
	context: IWebhookFunctions,
	method: Settings['authentication'],
): Promise<Authenticator> {
	const read = async () => await authenticatorOf(context, method);
	if (context.getMode() === 'manual') return await read();
	const { id } = context.getNode().credentials?.[CREDENTIAL_BY_AUTHENTICATION[method]] ?? {};
	return await authenticators.of(`${keyOf(context)} ${method} ${id}`, read);
}

/** Per process, like everything that is remembered here: n8n makes one instance of the node for all endpoints. */
const rulesCache = new RulesCache();
const rateLimiters = new RateLimiters();
const authenticators = new AuthenticatorCache(() => performance.now());

function rulesOf(context: IWebhookFunctions, settings: Settings): IntakeRules {
	try {
		refuseExpressions(context.getNode().parameters);
		return rulesCache.rulesOf(settings.intake);
	} catch (error) {
		throw error instanceof FaultyIntakeSettings ? notConfigured(error.message) : error;
	}
}

/** Writes the answer itself, for every status that n8n can't be told to give. */
function send(context: IWebhookFunctions, reply: Reply): void {
	const response = context.getResponseObject();
	const isText = typeof reply.body === 'string';
	const body = Buffer.from(isText ? reply.body : JSON.stringify(reply.body));
	if (!isText) response.setHeader('Content-Type', 'application/json; charset=utf-8');
	for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
	// RFC 9110, sections 8.6 and 15.3.5: neither a length nor a body.
	const hasBody = reply.status !== 204;
	response.writeHead(reply.status, hasBody ? { 'Content-Length': body.length } : {});
	response.end(hasBody ? body : undefined);
}

/** Takes a request in: what becomes of it, as n8n wants to know it. */
async function take(
	context: IWebhookFunctions,
	registry: Registry,
	journals: Journals,
	requestId: string,
	settings: Settings,
	authenticate: Authenticator,
): Promise<IWebhookResponseData> {
	if (isEngine2(context.getWorkflowSettings())) throw notConfigured(NEEDS_ENGINE_1);
	const request = await incomingRequest(context, requestId);
	const key = keyOf(context);
	const isTest = context.getMode() === 'manual';
	const rateLimiter = rateLimiters.of(key, request.receivedAtMs);
	const receipt = await receive(request, rulesOf(context, settings), authenticate, rateLimiter);

	const isDurable = settings.journal !== null && !isTest;
	const queue = isTest || isDurable ? undefined : await registry.liveQueue(key);
	const deadLetters = receipt.rejected.map((rejected) =>
		deadLetterOfRejected(rejected, receipt, settings.endpointName, isDurable || queue !== undefined),
	);
	const arrival = arrivalOf(receipt, settings.endpointName, deadLetters);

	if (arrival.events.length + deadLetters.length === 0) {
		send(context, receiptReply(receipt, { status: 'accepted', accepted: 0, duplicates: 0 }));
		return { noWebhookResponse: true };
	}

	if (isDurable) {
		send(context, await durableReply(context, journals, arrival, receipt, settings));
		return { noWebhookResponse: true };
	}

	if (queue === undefined) {
		const reply = receiptReply(receipt, {
			status: 'accepted',
			accepted: arrival.events.length,
			duplicates: 0,
		});
		const workflowData = [[{ json: payloadOfArrival(arrival, settings) as unknown as IDataObject }]];
		// n8n answers 200 once it has stored the execution; any other status is ours to write, before that.
		if (reply.status === 200 && receipt.prescribedAnswer === null)
			return { workflowData, webhookResponse: reply.body };
		send(context, reply);
		return { workflowData, noWebhookResponse: true };
	}

	send(context, await replyOfQueue(queue, arrival, receipt, settings));
	return { noWebhookResponse: true };
}

/** How soon a sender should come back when the table has no room. */
const CROWDED_RETRY_S = 30;

/**
 * Keeps the request in the Data Table: through the queue where the trigger is live, else as rows that the queue will find.
 *
 * @throws {Refusal} when they could not be kept there.
 */
async function durableReply(
	context: IWebhookFunctions,
	journals: Journals,
	arrival: Arrival,
	receipt: Receipt,
	settings: Settings,
): Promise<Reply> {
	const live = journals.find({ workflowId: context.getWorkflow().id ?? '', nodeId: context.getNode().id });
	if (live !== undefined) {
		const obstacle = await live.capacity.obstacle();
		if (obstacle !== null) throw busy(CROWDED_RETRY_S, obstacle);
		return await replyOfQueue(live.queue, arrival, receipt, settings);
	}
	const target = await targetOf(context, settings);
	const failure = await journals.deposit(target, arrival);
	if (failure === null) {
		return receiptReply(receipt, { status: 'accepted', accepted: arrival.events.length, duplicates: 0 });
	}
	if (failure === 'crowded')
		throw busy(CROWDED_RETRY_S, 'the journal table is full, or too much waits in it');
	throw unavailable(failure.message);
}

async function targetOf(context: IWebhookFunctions, settings: Settings): Promise<JournalTarget> {
	try {
		return (await journalTarget(context, settings)) as JournalTarget;
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw notConfigured(`The credential for Durable could not be read: ${reason}`);
	}
}

/**
 * Offers the request to the queue and waits for as long as its sender wants to wait.
 *
 * @throws {Refusal} when it is not taken, or its workflow failed.
 */
async function replyOfQueue(
	queue: Queue,
	arrival: Arrival,
	receipt: Receipt,
	settings: Settings,
): Promise<Reply> {
	const taken = queue.offer(arrival);
	if ('retryAfterSeconds' in taken) throw busy(taken.retryAfterSeconds);
	const kept = await taken.kept;
	if (kept === 'unavailable') throw unavailable();
	if (kept === 'withdrawn') throw busy(queue.retryAfterSeconds);

	const { accepted, duplicates } = taken;
	const outcome = settings.respond === 'onFinish' ? await taken.finished : 'pending';
	if (outcome === 'failed') throw notKept();
	const status = outcome === 'processed' || outcome === 'dead_lettered' ? outcome : 'accepted';
	return receiptReply(receipt, { status, accepted, duplicates });
}

/**
 * Answers one request. Never throws: n8n would answer an exception with "Workflow could not be started" and store an
 * execution of nobody's making.
 */
export async function webhook(
	context: IWebhookFunctions,
	registry: Registry,
	journals: Journals,
	requestId: string,
): Promise<IWebhookResponseData> {
	let answers: AnswerRules | undefined;
	try {
		const settings = readSettings(context.getNode().parameters);
		const authenticate = await authenticatorFor(context, settings.authentication);
		({ answers } = authenticate);
		return await take(context, registry, journals, requestId, settings, authenticate);
	} catch (error) {
		const refusal =
			error instanceof Refusal
				? error
				: new Refusal(500, 'internal_error', 'Something went wrong here. It is safe to send again.', {
						operatorMessage: error instanceof Error ? (error.stack ?? error.message) : String(error),
					});
		const reply = refusalReply(refusal, requestId, answers);
		const { name } = context.getNode();
		if (refusal.operatorMessage !== undefined) {
			const say = refusal.status >= 500 ? context.logger.error : context.logger.warn;
			say.call(context.logger, `${name} answered ${reply.status}: ${refusal.operatorMessage}`, {
				requestId,
			});
		}
		send(context, reply);
		return { noWebhookResponse: true };
	}
}
