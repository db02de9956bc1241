import type { IDataObject, INode, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { NodeAddress } from '../../shared/journal/columns';
import { refuseExpressions } from '../panel/expressions';
import { closeToBrowsers, openToBrowsers } from './cors';
import type { AuthenticatorCache } from '../endpoint/authenticatorCache';
import { type Endpoints, accept } from '../endpoint/accept';
import type { RequestResult } from '../endpoint/figures';
import { registryKey } from '../endpoint/registry';
import { NEEDS_ENGINE_1, isEngine2 } from './engine';
import { fetchJsonOf } from './fetchJson';
import { incomingRequest } from './incomingRequest';
import { type KnownVerifiers, buildAuthenticator } from '../intake/authenticate/authenticator';
import type { AnswerRules } from '../../shared/answers';
import type { Authenticator } from '../intake/authenticate/authentication';
import { answersOfFormat } from '../intake/formats/readyFormat';
import type { RateLimiters } from '../intake/admission/rateLimiter';
import { receive } from '../intake/receive';
import { Refusal, notConfigured } from '../../shared/refusal';
import { type Reply, receiptReply, refusalReply, withReason } from '../intake/reply';
import { FaultyIntakeSettings, type IntakeRules } from '../intake/rules';
import type { RulesCache } from '../endpoint/rulesCache';
import { CREDENTIAL_BY_AUTHENTICATION } from '../../shared/authenticationMethod';
import { type Settings, readSettings } from '../panel/settings';

/**
 * What a request needs: the places where events are kept, and the data that is remembered between requests.
 */
export interface WebhookPorts extends Endpoints {
	readonly rules: RulesCache;
	readonly rateLimiters: RateLimiters;
	readonly authenticators: AuthenticatorCache;
	readonly verifiers: KnownVerifiers;
}

async function authenticatorOf(
	context: IWebhookFunctions,
	{ verifiers }: WebhookPorts,
	method: Settings['authentication'],
): Promise<Authenticator> {
	let credential: IDataObject;
	try {
		credential = await context.getCredentials<IDataObject>(CREDENTIAL_BY_AUTHENTICATION[method]);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw notConfigured(`The credential could not be read: ${reason}`);
	}
	return buildAuthenticator(method, credential, fetchJsonOf(context.helpers), verifiers.find);
}

/** The node that a request is for. It is asked for once: n8n copies all of it for each call. */
interface Called {
	readonly node: INode;
	readonly address: NodeAddress;
	/** See `registryKey`. */
	readonly key: string;
}

function calledBy(context: IWebhookFunctions): Called {
	const node = context.getNode();
	const address = { workflowId: context.getWorkflow().id ?? '', nodeId: node.id };
	return { node, address, key: registryKey(address.workflowId, node.id) };
}

/** During a test in the editor, a changed credential is used at once. */
async function authenticatorFor(
	context: IWebhookFunctions,
	ports: WebhookPorts,
	{ node, key }: Called,
	method: Settings['authentication'],
): Promise<Authenticator> {
	const read = async () => await authenticatorOf(context, ports, method);
	if (context.getMode() === 'manual') return await read();
	const { id } = node.credentials?.[CREDENTIAL_BY_AUTHENTICATION[method]] ?? {};
	return await ports.authenticators.of(`${key} ${method} ${id}`, read);
}

function rulesOf({ node }: Called, { rules }: WebhookPorts, settings: Settings): IntakeRules {
	try {
		refuseExpressions(node.parameters);
		return rules.rulesOf(settings.intake);
	} catch (error) {
		throw error instanceof FaultyIntakeSettings ? notConfigured(error.message) : error;
	}
}

/** Writes the answer itself when n8n can't send its status. */
function send(context: IWebhookFunctions, reply: Reply): void {
	const response = context.getResponseObject();
	const isText = typeof reply.body === 'string';
	const body = Buffer.from(isText ? reply.body : JSON.stringify(reply.body));
	if (!isText) response.setHeader('Content-Type', 'application/json; charset=utf-8');
	for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
	// RFC 9110, sections 8.6 and 15.3.5: no length and no body.
	const hasBody = reply.status !== 204;
	response.writeHead(reply.status, hasBody ? { 'Content-Length': body.length } : {});
	response.end(hasBody ? body : undefined);
}

/** A test event is not counted. */
function count(
	context: IWebhookFunctions,
	{ figures }: Endpoints,
	{ key }: Called,
	result: RequestResult,
): void {
	if (context.getMode() !== 'manual') figures.count(key, result, Date.now());
}

/** Takes a request, and returns what n8n has to do. */
async function take(
	context: IWebhookFunctions,
	ports: WebhookPorts,
	called: Called,
	requestId: string,
	settings: Settings,
	rules: IntakeRules,
	authenticate: Authenticator,
): Promise<IWebhookResponseData> {
	if (isEngine2(context.getWorkflowSettings())) throw notConfigured(NEEDS_ENGINE_1);
	const request = await incomingRequest(context, requestId);
	const limiter = ports.rateLimiters.of(called.key, request.receivedAtMs);
	const receipt = await receive(request, rules, authenticate, limiter, ports.readAhead);
	const accepted = await accept(context, ports, called.address, receipt, settings);
	count(context, ports, called, { receipt, taken: accepted });
	const reply = receiptReply(receipt, accepted);
	const { payload } = accepted;
	if (payload === null) {
		send(context, reply);
		return { noWebhookResponse: true };
	}
	const workflowData = [[{ json: payload as unknown as IDataObject }]];
	// n8n answers 200 once it has stored the execution. Any other status has to be written here before that.
	if (reply.status === 200 && receipt.prescribedAnswer === null)
		return { workflowData, webhookResponse: reply.body };
	send(context, reply);
	return { workflowData, noWebhookResponse: true };
}

/**
 * Answers one request. Never throws: n8n would answer an exception with "Workflow could not be started" and
 * store an execution that does not belong to any event.
 */
export async function webhook(
	context: IWebhookFunctions,
	ports: WebhookPorts,
	requestId: string,
): Promise<IWebhookResponseData> {
	const called = calledBy(context);
	let answers: AnswerRules | undefined;
	try {
		closeToBrowsers(context);
		const settings = readSettings(called.node.parameters);
		const byFormat = answersOfFormat(settings.intake.eventFormat);
		answers = byFormat;
		const rules = rulesOf(called, ports, settings);
		openToBrowsers(context, rules.allowedOrigins);
		const authenticate = await authenticatorFor(context, ports, called, settings.authentication);
		answers = authenticate.hasOwnFormat === true ? authenticate.answers : (byFormat ?? authenticate.answers);
		return await take(context, ports, called, requestId, settings, rules, authenticate);
	} catch (error) {
		const refusal =
			error instanceof Refusal
				? error
				: new Refusal(500, 'internal_error', 'Something went wrong here. It is safe to send again.', {
						operatorMessage: error instanceof Error ? (error.stack ?? error.message) : String(error),
					});
		const reply = refusalReply(refusal, requestId, answers);
		count(context, ports, called, refusal.code);
		if (refusal.operatorMessage !== undefined) {
			const say = refusal.status >= 500 ? context.logger.error : context.logger.warn;
			say.call(context.logger, `${called.node.name} answered ${reply.status}: ${refusal.operatorMessage}`, {
				requestId,
			});
		}
		// The cause of an internal error is only written to the log.
		const isTold = context.getMode() === 'manual' && refusal.code !== 'internal_error';
		send(context, isTold ? withReason(reply, refusal) : reply);
		return { noWebhookResponse: true };
	}
}
