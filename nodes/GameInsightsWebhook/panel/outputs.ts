/** The outputs of the node, in their order. */
export const OUTPUT = { events: 0, retry: 1, deadLetter: 2 } as const;

/** What users read on them. */
export const OUTPUT_NAMES = ['Events', 'Retry', 'Dead Letter'];
