import { checkAddress } from './admission/addressList';
import { EndpointLimiter } from './admission/rateLimiter';
import type { AnswerRules } from '../../shared/answers';
import type { Authentication, Authenticator } from './authenticate/authentication';
import type { ReadyFormat } from './formats/formats';
import { translateEvents } from './formats/translate';
import { parse, type Translate } from './parse/parse';
import type { UnreadableBody } from './parse/unreadableBody';
import type { IncomingRequest, Receipt } from './receipt';
import { Refusal } from '../../shared/refusal';
import type { IntakeRules } from './rules';
import type { Source } from './source';
import { summariseUnreadable } from './validate/summary';
import { validate, type Verdicts } from './validate/validate';

/**
 * Takes a request in: authenticate, parse, validate. Nothing of a body is read before its sender is known.
 * Only requests of known senders count for the rate limits: strangers must not use up what others are
 * entitled to.
 *
 * A body that can't be read becomes a dead letter even where a faulty event refuses the whole request: nobody
 * may have noticed that the sender is broken.
 *
 * @throws {Refusal} when the request is refused as a whole: nothing of it is taken or dead-lettered.
 */
export async function receive(
	request: IncomingRequest,
	rules: IntakeRules,
	authenticate: Authenticator,
	limiter = new EndpointLimiter(),
): Promise<Receipt> {
	checkAddress(request.address, rules.addresses);
	const authentication = await authenticate(request);
	limiter.count(rules.rateLimits, request.address, request.receivedAtMs);
	// A sender with a format of its own writes no other.
	const format = authenticate.hasOwnFormat === true ? null : rules.format;
	const empty = emptyReceipt(request, authentication, format, rules, format?.answers ?? authenticate.answers);
	// A sender that asks whether somebody is there: an answer, and no events.
	if (authentication.handshake !== null) return { ...empty, prescribedAnswer: authentication.handshake };

	const translate = authentication.translate ?? translationBy(format);
	const body = parse(request, translate, rules.maxEventsPerRequest);
	if (body.kind === 'unreadable') return unreadableReceipt(empty, body.source, body.fault);

	// A sender's own message is right by the sender's own clock, which may be a test clock years ahead.
	const clockMs = body.isTranslated ? Number.POSITIVE_INFINITY : request.receivedAtMs;
	const own = body.isTranslated ? format : null;
	const asked = own === null ? rules : { ...rules, fields: [...rules.fields, ...own.required] };
	const verdicts = validate(body, asked, clockMs, authentication, own?.idWithin);
	if (rules.invalidEvents === 'rejectRequest' && verdicts.rejected.length > 0) {
		throw invalidEvents('Not every event is valid, so none was taken.', verdicts);
	}
	const received = body.values.length;
	const isAllRejected = verdicts.rejected.length === received;
	return {
		...empty,
		...verdicts,
		source: body.source,
		values: body.values,
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

/** What is the same for every request that was let in, with nothing in it. */
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
		values: [],
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

/** A body that no event can be told apart in: refused, and dead-lettered as a whole. */
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
