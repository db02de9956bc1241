import { eventFormatProperties } from './eventFormat';
import { eventsProperties } from './events';
import { failureProperties } from './failure';
import { optionsProperties } from './options';
import { senderCodeProperties } from './senderCode';
import { senderProperties } from './sender';
import { withoutExpressions } from './withoutExpressions';

/**
 * All parameters of the trigger, in an order that users understand: who sends, what arrives, what happens
 * after a failure, and code to copy.
 */
export const triggerParameters = withoutExpressions([
	...senderProperties,
	...eventFormatProperties,
	...eventsProperties,
	...failureProperties,
	...optionsProperties,
	...senderCodeProperties,
]);
