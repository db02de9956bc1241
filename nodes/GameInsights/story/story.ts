import { harmlessQuote } from '../../shared/harmless';
import type { StoryStatus } from '../../shared/items/knownEvent';
import type { Chapter, StoryExecution } from './chapter';

/** What all sources know about one event. */
type Story = Chapter[];

const eventIdOf = ({ event }: Chapter): unknown => event?.event_id ?? null;

/**
 * Whether two sources describe the same event: by the delivery id, else by the event's id within one request.
 */
function isSame(one: Chapter, other: Chapter): boolean {
	if (one.deliveryId !== null && other.deliveryId !== null) return one.deliveryId === other.deliveryId;
	const isSameRequest =
		one.requestId === null || other.requestId === null || one.requestId === other.requestId;
	return isSameRequest && eventIdOf(one) !== null && eventIdOf(one) === eventIdOf(other);
}

/**
 * Combines the information of all sources into one story for each event, in order.
 * @param chapters first the sources that know the current state best: queue, journal, then executions, the
 * latest first
 */
export function storiesOf(chapters: readonly Chapter[]): Story[] {
	const stories: Story[] = [];
	for (const chapter of chapters) {
		const story = stories.find((known) => known.some((one) => isSame(one, chapter)));
		if (story === undefined) stories.push([chapter]);
		else story.push(chapter);
	}
	const cameAt = (story: Story): string => first(story, ({ receivedAt }) => receivedAt) ?? '';
	return stories.sort((one, other) =>
		cameAt(one) < cameAt(other) ? -1 : cameAt(one) > cameAt(other) ? 1 : 0,
	);
}

function first<T>(story: Story, read: (chapter: Chapter) => T | null): T | null {
	for (const chapter of story) {
		const value = read(chapter);
		if (value !== null) return value;
	}
	return null;
}

/** All executions, each once: those that n8n listed, and others that are named in a failed attempt. */
function executionsOf(story: Story): StoryExecution[] {
	const byId = new Map<string, StoryExecution>();
	for (const { executions } of story) for (const execution of executions) byId.set(execution.id, execution);
	for (const { history } of story) {
		for (const { executionId, at } of history) {
			if (executionId === null || byId.has(executionId)) continue;
			const unknown = { startedAt: null, output: null, attempt: null };
			byId.set(executionId, { id: executionId, status: 'error', stoppedAt: at, ...unknown });
		}
	}
	return [...byId.values()].sort((one, other) => Number(one.id) - Number(other.id));
}

/** The story of one event as an item. */
export function storyItem(story: Story, executionUrl: (id: string) => string): Record<string, unknown> {
	const [now] = story as [Chapter];
	const event = first(story, (chapter) => chapter.event);
	const executions = executionsOf(story);
	const history = first(story, (chapter) => (chapter.history.length > 0 ? chapter.history : null)) ?? [];
	const carried = executions.filter(({ output }) => output !== 'Dead Letter').length;
	const attempts = first(story, (chapter) => chapter.attempts) ?? carried;
	const receivedAt = first(story, (chapter) => chapter.receivedAt);
	const letter = first(story, ({ deadLetter }) => (deadLetter?.summary === '' ? null : deadLetter));
	return {
		summary: summaryOf(now.status, receivedAt, attempts, letter),
		status: now.status,
		event_id: event?.event_id ?? null,
		event_type: event?.event_type ?? null,
		user_id: event?.user_id ?? null,
		request_id: first(story, (chapter) => chapter.requestId),
		delivery_id: first(story, (chapter) => chapter.deliveryId),
		received_at: receivedAt,
		attempts: {
			count: attempts,
			failed: history.map(({ at, executionId, message, node }) => ({
				at,
				execution_id: executionId,
				message,
				node,
			})),
		},
		executions: executions.map(({ id, status, startedAt, stoppedAt, output, attempt }) => ({
			execution_id: id,
			execution_url: executionUrl(id),
			status,
			started_at: startedAt,
			stopped_at: stoppedAt,
			output,
			attempt,
		})),
		dead_letter: letter,
		redrive: first(story, (chapter) => chapter.redrive),
		found_in: [...new Set(story.map(({ source }) => source))],
		event,
	};
}

const NOW: Readonly<Record<StoryStatus, string>> = {
	waiting: 'It waits for its first execution.',
	running: 'It is being executed.',
	retrying: 'It failed and waits for its next attempt.',
	given_up: 'It was given up, and its dead letter is on its way out.',
	dead_letter: 'It became a dead letter.',
	redriving: 'It was a dead letter and is about to be sent through again.',
	processed: 'It was processed.',
	failed: 'Its last execution failed, and nothing is known of another one.',
	sleeping: 'Its execution sleeps in a Wait node.',
	unknown: 'Nobody knows where it is now.',
};

/** A few plain sentences for a chat message. They contain no text of the sender. */
function summaryOf(
	status: StoryStatus,
	receivedAt: string | null,
	attempts: number,
	letter: Chapter['deadLetter'],
): string {
	const came = receivedAt === null ? 'When it came is not known.' : `It came at ${receivedAt}.`;
	const times = attempts === 0 ? 'It was not executed.' : `It was executed ${inWords(attempts)}.`;
	const reason = letter === null ? '' : ` Reason: ${letter.reason}.`;
	return `${came} ${times} ${NOW[status]}${status === 'dead_letter' ? reason : ''}`;
}

const inWords = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** The only item when no source knows the event. */
export function nothingKnown(value: string, lookedIn: readonly string[]): Record<string, unknown> {
	return {
		summary: `Nothing is known of "${harmlessQuote(value)}". Looked in: ${lookedIn.join(', ')}.`,
		status: 'unknown',
		found_in: [],
	};
}
