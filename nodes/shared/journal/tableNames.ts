/** The journal's name when the user enters none. */
export const DEFAULT_TABLE_NAME = 'game_insights_journal';

/** The name of the table beside the journal. */
export const registerNameOf = (journalName: string): string => `${journalName}_processes`;

/** The name of the table for dead letters, where they have a separate table. */
export const deadLettersNameOf = (journalName: string): string => `${journalName}_dead_letters`;
