/** The JSON texts of the events at some places, as they were sent. Goes through a source once, however often it is asked. */
export { sliceEventsAt as eventTexts } from '../intake/parse/slice';
