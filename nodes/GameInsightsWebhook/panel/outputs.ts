/** The outputs of the node, in order. */
export const OUTPUT = { events: 0, retry: 1, deadLetter: 2 } as const;

/** The names that users see on the outputs. */
export const OUTPUT_NAMES = ['Events', 'Retry', 'Dead Letter'];
