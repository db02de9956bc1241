import type { EventFormat } from './format';
import { segmentLike } from './segmentLike';

/** RudderStack. */
export const rudderStack: EventFormat = {
	displayName: 'RudderStack',
	description: 'Single calls and batches, as the SDKs send them',
	setUp:
		'Set the data plane URL of the SDK to the address of this n8n and its path to the rest of the production URL of the node. The write key is the key: use a credential with Sent In: Basic Auth.',
	proof: 'API Key in Basic auth (the write key)',
	sources: [
		'https://www.rudderstack.com/docs/api/http-api/',
		'https://github.com/rudderlabs/rudder-sdk-node/blob/master/src/index.ts',
		'https://github.com/rudderlabs/rudder-server/blob/master/gateway/response/response.go',
	],
	...segmentLike,
	acceptance: { status: 200, headers: { 'content-type': 'text/plain' }, body: 'OK' },
};
