/**
 * Thrown for a schema that can't be used; the message completes "The schema can't be used: …", for its owner.
 */
export class FaultySchema extends Error {
	override readonly name = 'FaultySchema';
}
