import { setTimeout as pause } from 'node:timers/promises';
import { DurableEndpoints } from '../e2e/journalAccess';
import { QueueInstance } from '../queue/instance';
import { expectNothingLost, ordinaryTrouble, underLoad, usualParameters } from './underLoad';

jest.setTimeout(400_000);

let instance: QueueInstance;

beforeAll(async () => {
	instance = await QueueInstance.start('faults-services');
}, 400_000);

afterAll(async () => {
	await instance.remove();
}, 90_000);

beforeEach(() => {
	instance.sink.reset();
	ordinaryTrouble(instance.sink);
});

/** n8n ends itself when Redis is away for ten seconds: what runs it starts it again, as a supervisor does. */
async function supervise(): Promise<void> {
	const { main, workers, webhookProcess } = instance.queue;
	await pause(3_000);
	for (const each of [main, ...workers, ...(webhookProcess === null ? [] : [webhookProcess])]) {
		if (each.pid === null) await each.start();
	}
}

describe.each([
	['without', false],
	['with', true],
])('queue mode %s Durable, events through main, 200 means kept', (which, isDurable) => {
	it.each(['postgres', 'redis'] as const)('while %s is stopped for ten seconds', async (service) => {
		const endpoint = isDurable
			? await (await DurableEndpoints.in(instance)).make(usualParameters)
			: await instance.endpoint('apiKey', { parameters: usualParameters });
		const result = await underLoad({
			name: `${service} stopped for 10 s, queue mode ${which} Durable`,
			endpoint,
			sink: instance.sink,
			api: () => instance.api,
			fault: async () => {
				await instance.queue[service].stop();
				await pause(10_000);
				await instance.queue[service].start();
				await supervise();
			},
		});
		expectNothingLost(result, isDurable);
	});
});
