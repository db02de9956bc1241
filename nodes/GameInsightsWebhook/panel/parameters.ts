import { eventFormatProperties } from './eventFormat';
import { eventsProperties } from './events';
import { failureProperties } from './failure';
import { optionsProperties } from './options';
import { senderCodeProperties } from './senderCode';
import { senderProperties } from './sender';
import { withoutExpressions } from './withoutExpressions';

/**
 * All parameters of the trigger, in the order in which a user thinks: who sends, what arrives, what happens
 * on failure, and code to copy.
 */
export const triggerParameters = withoutExpressions([
	...senderProperties,
	...eventFormatProperties,
	...eventsProperties,
	...failureProperties,
	...optionsProperties,
	...senderCodeProperties,
]);
