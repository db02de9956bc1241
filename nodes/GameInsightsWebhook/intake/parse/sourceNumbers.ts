import { mayHoldLongNumbers } from '../../../shared/json/longNumbers';
import { oncePerSource } from './oncePerSource';

/** As `mayHoldLongNumbers`, for a source; gone through once. */
export const sourceMayHoldLongNumbers = oncePerSource(({ text }) => mayHoldLongNumbers(text));
