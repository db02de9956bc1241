import type { EventFormat } from './format';
import { segmentLike } from './segmentLike';

/** Segment. */
export const segment: EventFormat = {
	displayName: 'Segment',
	description: 'Single calls and batches, as the SDKs send them',
	setUp:
		'Set the host of the SDK to the address of this n8n and its path to the rest of the production URL of the node. The write key is the key: use a credential with Sent In: Basic Auth.',
	proof: 'API Key in Basic auth (the write key)',
	sources: [
		'https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/',
		'https://github.com/segmentio/analytics-next/blob/master/packages/node/src/plugins/segmentio/publisher.ts',
	],
	...segmentLike,
	waitsSeconds: 10,
};
