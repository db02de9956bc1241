import { createServer, type IncomingMessage, request as send } from 'http';
import type { AddressInfo } from 'net';
import type { IWebhookFunctions } from 'n8n-workflow';
import { createGunzip, createInflate, deflateSync, gzipSync } from 'zlib';
import { incomingRequest } from '../../../../nodes/GameInsightsWebhook/n8n/incomingRequest';
import { labelledFormat } from '../../../../nodes/GameInsightsWebhook/intake/parse/contentType';
import type { IncomingRequest } from '../../../../nodes/GameInsightsWebhook/intake/receipt';
import { refusedBy } from '../../../support/refused';

// Each test has a server of its own.
jest.setTimeout(60_000);

const TEXT = '{"event_type":"a"}';

/**
 * Reads a body as n8n does (`body-parser.js`): unpacked where the coding reads exactly like one of two names.
 */
async function readAsN8n(request: IncomingMessage & { rawBody?: Buffer }): Promise<void> {
	const undoing = { gzip: createGunzip, deflate: createInflate }[request.headers['content-encoding'] ?? ''];
	const stream = undoing === undefined ? request : request.pipe(undoing());
	const chunks: Buffer[] = [];
	for await (const chunk of stream) chunks.push(chunk as Buffer);
	request.rawBody = Buffer.concat(chunks);
}

/** What the core is given of a real HTTP request; n8n may have read its body before. */
async function received(codings: string[], body: Buffer, isRead = false): Promise<IncomingRequest> {
	return await new Promise((resolve, reject) => {
		const server = createServer((request: IncomingMessage & { rawBody?: Buffer }, response) => {
			const readRawBody = async () => await readAsN8n(request);
			const context = {
				getRequestObject: () => Object.assign(request, { readRawBody }),
			} as unknown as IWebhookFunctions;
			const reading = isRead ? readRawBody() : Promise.resolve();
			reading
				.then(async () => await incomingRequest(context, 'id'))
				.then(resolve, reject)
				.finally(() => response.end());
		});
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address() as AddressInfo;
			const headers = codings.length === 0 ? {} : { 'Content-Encoding': codings };
			const sent = send({ port, host: '127.0.0.1', method: 'POST', headers }, (answer) => {
				answer.resume();
				server.close();
			});
			sent.on('error', reject);
			sent.end(body);
		});
	});
}

describe('a packed body', () => {
	it.each(['gzip', 'GZIP', 'Gzip', 'x-gzip', 'X-GZip', 'identity, gzip', 'GZIP,'])(
		'is unpacked by n8n whatever the case of its coding: %s',
		async (coding) => {
			const request = await received([coding], gzipSync(TEXT));
			expect(request.body.toString()).toBe(TEXT);
			expect(labelledFormat(request)).toBe('json');
		},
	);

	it.each(['deflate', 'Deflate', 'DEFLATE'])('and %s', async (coding) => {
		const request = await received([coding], deflateSync(TEXT));
		expect(request.body.toString()).toBe(TEXT);
		expect(labelledFormat(request)).toBe('json');
	});

	it.each([[[]], [['']], [['identity']], [['IDENTITY']]])('is none with the codings %j', async (codings) => {
		const request = await received(codings, Buffer.from(TEXT));
		expect(request.body.toString()).toBe(TEXT);
		expect(labelledFormat(request)).toBe('json');
	});

	it.each([[['br']], [['gzip, gzip']], [['gzip', 'GZIP']], [['zstd, gzip']]])(
		'stays packed, and is answered 415, with the codings %j',
		async (codings) => {
			const packed = gzipSync(gzipSync(TEXT));
			const request = await received(codings, packed);
			expect(request.body).toEqual(packed);
			expect(labelledFormat(request)).toMatchObject({ status: 415, rule: 'encoding' });
		},
	);

	it('that is none after all is refused', async () => {
		const refusal = await refusedBy(async () => await received(['GZIP'], Buffer.from(TEXT)));
		expect([refusal.status, refusal.code]).toEqual([400, 'invalid_body']);
	});

	it('that n8n has read before, and left packed, is refused with what to send', async () => {
		const refusal = await refusedBy(async () => await received(['GZIP'], gzipSync(TEXT), true));
		expect([refusal.status, refusal.code, refusal.message]).toEqual([
			415,
			'unsupported_media_type',
			'The Content-Encoding "GZIP" is not supported: send gzip, in lower case.',
		]);
		expect((await received(['gzip'], gzipSync(TEXT), true)).body.toString()).toBe(TEXT);
	});
});
