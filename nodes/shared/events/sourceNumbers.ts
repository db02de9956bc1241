import { mayHoldLongNumbers } from '../json/longNumbers';
import { oncePerSource } from './oncePerSource';

/** Like `mayHoldLongNumbers`, for a source. Its text is read only once. */
export const sourceMayHoldLongNumbers = oncePerSource(({ text }) => mayHoldLongNumbers(text));
