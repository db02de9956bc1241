import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TRANSITIONS } from '../../nodes/GameInsightsWebhook/queue/transitions';

const page = readFileSync(path.join(__dirname, '../../docs/delivery.md'), 'utf8');
const [, diagram = ''] = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(page) ?? [];

interface Arrow {
	readonly from: string;
	readonly to: string;
	readonly reason: string;
}

/** Every line of the diagram: one that is no arrow is an arrow from and to nothing, and fails. */
const arrows: Arrow[] = diagram
	.split('\n')
	.filter((line) => line.trim() !== '')
	.map((line) => {
		const [, from = '', to = '', reason = ''] = /^ {4}(\S+) --> ([^\s:]+)(?:: (.+))?$/.exec(line) ?? [];
		return { from, to, reason };
	});

const OUTSIDE = '[*]';
const drawn = (state: string): string => state.charAt(0).toUpperCase() + state.slice(1);
const inWords = ({ from, to }: Pick<Arrow, 'from' | 'to'>): string => `${from} --> ${to}`;
const between = arrows.filter(({ from, to }) => from !== OUTSIDE && to !== OUTSIDE);

const inCode = Object.entries(TRANSITIONS).flatMap(([from, next]) =>
	next.map((to) => inWords({ from: drawn(from), to: drawn(to) })),
);

describe('the diagram of states in docs/delivery.md', () => {
	it('draws every transition of the code', () => {
		const shown = new Set(between.map(inWords));
		expect(inCode.filter((arrow) => !shown.has(arrow))).toEqual([]);
	});

	it('draws nothing that the code does not allow, and nothing twice', () => {
		const allowed = new Set(inCode);
		expect(between.map(inWords).filter((arrow) => !allowed.has(arrow))).toEqual([]);
		expect(new Set(arrows.map(inWords)).size).toBe(arrows.length);
	});

	it('gives a reason for each of them', () => {
		expect(between.filter(({ reason }) => reason === '')).toEqual([]);
	});

	it('ends where the code lets nothing follow', () => {
		const ends = Object.entries(TRANSITIONS).flatMap(([state, next]) =>
			next.length === 0 ? [drawn(state)] : [],
		);
		const drawnEnds = arrows.filter(({ to }) => to === OUTSIDE).map(({ from }) => from);
		expect(drawnEnds.sort()).toEqual(ends.sort());
	});

	it('begins with an event that waits, or with a dead letter that is one from the start', () => {
		const begins = arrows.filter(({ from }) => from === OUTSIDE).map(({ to }) => to);
		expect(begins).toEqual(['Waiting', 'GivenUp']);
	});
});
