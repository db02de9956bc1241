import { checkAddress } from './admission/addressList';
import { EndpointLimiter } from './admission/rateLimiter';
import type { AnswerRules } from '../../shared/answers';
import type { Authentication, Authenticator } from './authenticate/authentication';
import type { ReadyFormat } from './formats/readyFormat';
import { translateEvents } from './formats/translate';
import { parse, type Translate } from './parse/parse';
import type { UnreadableBody } from '../../shared/events/unreadableBody';
import type { ReadAhead } from './readAhead';
import type { IncomingRequest, Receipt } from './receipt';
import { Refusal } from '../../shared/refusal';
import type { IntakeRules } from './rules';
import type { Source } from '../../shared/events/source';
import { summariseUnreadable } from './validate/summary';
import { validate, type Verdicts } from './validate/validate';

/**
 * Checks a request in three steps: authenticate, parse, validate. The body is not read before the sender is
 * known. Only requests of known senders count for the rate limits: strangers must not use up the limits of
 * real senders.
 *
 * An unreadable body becomes a dead letter even where a faulty event refuses the whole request: otherwise the
 * owner may not notice that the sender is broken.
 *
 * @param readAhead Keeps the events as they were read, for the execution that begins with them soon.
 * @throws {Refusal} when the whole request is refused: nothing of it is taken or becomes a dead letter.
 */
export async function receive(
	request: IncomingRequest,
	rules: IntakeRules,
	authenticate: Authenticator,
	limiter = new EndpointLimiter(),
	readAhead?: Pick<ReadAhead, 'keep'>,
): Promise<Receipt> {
	checkAddress(request.address, rules.addresses);
	const authentication = await authenticate(request);
	limiter.count(rules.rateLimits, request.address, request.receivedAtMs);
	// A sender with its own format uses no other.
	const format = authenticate.hasOwnFormat === true ? null : rules.format;
	const empty = emptyReceipt(request, authentication, format, rules, format?.answers ?? authenticate.answers);
	// A sender that only checks the endpoint: it gets an answer, and there are no events.
	if (authentication.handshake !== null) return { ...empty, prescribedAnswer: authentication.handshake };

	const translate = authentication.translate ?? translationBy(format);
	const body = parse(request, translate, rules.maxEventsPerRequest);
	if (body.kind === 'unreadable') return unreadableReceipt(empty, body.source, body.fault);

	// A sender's own message has times by the sender's clock, which may be a test clock years in the future.
	const clockMs = body.isTranslated ? Number.POSITIVE_INFINITY : request.receivedAtMs;
	const own = body.isTranslated ? format : null;
	const asked = own === null ? rules : { ...rules, fields: [...rules.fields, ...own.required] };
	const verdicts = validate(body, asked, clockMs, authentication, own?.idWithin);
	if (rules.invalidEvents === 'rejectRequest' && verdicts.rejected.length > 0) {
		throw invalidEvents('Not every event is valid, so none was taken.', verdicts);
	}
	if (verdicts.accepted.length > 0) readAhead?.keep(body.source, body.values);
	const received = body.values.length;
	const isAllRejected = verdicts.rejected.length === received;
	return {
		...empty,
		...verdicts,
		source: body.source,
		received,
		prescribedAnswer:
			rules.acceptance ??
			format?.acceptanceOf?.({ request, received, ...verdicts }) ??
			empty.prescribedAnswer,
		refusal: isAllRejected ? invalidEvents('None of the events is valid.', verdicts) : null,
	};
}

const translationBy = (format: ReadyFormat | null): Translate | null =>
	format === null ? null : (request, maxEvents) => translateEvents(request, format, maxEvents);

/** The receipt without events that every accepted request starts from. */
function emptyReceipt(
	request: IncomingRequest,
	authentication: Authentication,
	format: ReadyFormat | null,
	{ acceptance }: IntakeRules,
	answers: AnswerRules | undefined,
): Receipt {
	const { senderWaitsMs = format?.waitsSeconds && format.waitsSeconds * 1_000 } = authentication;
	return {
		request,
		sender: authentication.sender,
		source: { format: 'json', text: '' },
		received: 0,
		accepted: [],
		rejected: [],
		ignored: 0,
		errors: [],
		refusal: null,
		prescribedAnswer: acceptance ?? authentication.acceptance ?? format?.acceptance ?? null,
		replayableForMs: authentication.replayableForMs,
		senderWaitsMs,
		answers,
	};
}

/** A body in which no events can be found: it is refused, and becomes one dead letter. */
function unreadableReceipt(empty: Receipt, source: Source, fault: UnreadableBody): Receipt {
	const errors = [{ index: null, code: fault.rule, message: fault.message, path: '' }];
	const code = fault.status === 415 ? 'unsupported_media_type' : 'invalid_body';
	return {
		...empty,
		source,
		rejected: [
			{
				index: null,
				eventText: null,
				raw: source.text,
				reason: 'malformed_body',
				stage: 'parse',
				summary: summariseUnreadable(fault.message),
				errors,
			},
		],
		errors,
		refusal: new Refusal(fault.status, code, `${fault.message}.`, { errors }),
	};
}

function invalidEvents(message: string, { errors }: Verdicts): Refusal {
	return new Refusal(400, 'invalid_events', message, { errors });
}
