import {
	AddressList,
	checkAddress,
	FaultyAddress,
	senderAddress,
} from '../../../../../nodes/GameInsightsWebhook/intake/admission/addressList';
import { refusedBy } from '../../../../support/refused';
import { taken } from '../../../../support/taken';

const LIST = [
	'192.0.2.1',
	'198.51.100.0/24',
	'10.1.2.3/8',
	'2001:db8::1',
	'2001:db8:1::/48',
	'::ffff:203.0.113.0/120',
];

describe('an address list', () => {
	it.each([
		['192.0.2.1', true],
		['192.0.2.2', false],
		['198.51.100.0', true],
		['198.51.100.255', true],
		['198.51.101.0', false],
		['10.255.255.255', true],
		['11.0.0.0', false],
		['::ffff:192.0.2.1', true],
		['::FFFF:C000:0201', true],
		['::ffff:192.0.2.2', false],
		['203.0.113.200', true],
		['::ffff:203.0.113.200', true],
		['2001:db8::1', true],
		['2001:0DB8:0:0:0:0:0:1', true],
		['2001:db8::2', false],
		['2001:db8:1:ffff::5', true],
		['2001:db8:2::', false],
		['2001:db8::1%eth0', true],
		['192.0.2.1%eth0', true],
		['2001:db8:1::192.0.2.1', true],
		['::192.0.2.1', false],
	])('%s: %s', (address, isOnIt) => {
		expect(new AddressList(LIST).has(address)).toBe(isOnIt);
	});

	it.each([
		'',
		' ',
		'unknown',
		'192.0.2',
		'192.0.2.01',
		'0300.0.2.1',
		'0xc0000201',
		'3221225985',
		'192.0.2.1:80',
		'[2001:db8::1]',
		'1.2.3.4.5',
		'192.0.2.256',
	])('%p is no address, so it is on no list', (address) => {
		expect(new AddressList(['0.0.0.0/0', '::/0']).has(address)).toBe(false);
	});

	it.each(['0.0.0.0/0', '::/0'])('%s takes all addresses of its kind and none of the other', (network) => {
		const list = new AddressList([network]);
		expect([list.has('203.0.113.9'), list.has('2001:db8::9')]).toEqual([
			network.includes('.'),
			network.includes(':'),
		]);
	});

	it.each([
		['192.0.2.1/32', '192.0.2.1', '192.0.2.0'],
		['2001:db8::1/128', '2001:db8::1', '2001:db8::'],
		['::ffff:0:0/96', '203.0.113.9', '2001:db8::9'],
		['::ffff:0:0/80', '::1', '203.0.113.9'],
	])('%s takes %s and not %s', (network, inside, outside) => {
		const list = new AddressList([network]);
		expect([list.has(inside), list.has(outside)]).toEqual([true, false]);
	});

	it.each([
		'',
		'localhost',
		'192.0.2.1/33',
		'2001:db8::/129',
		'192.0.2.0/',
		'192.0.2.0/-1',
		'192.0.2.0/24/8',
		'192.0.2.0/x',
		'192.0.2.0/24x',
		'192.0.2.0/24 ',
		'192.0.2.0/2e1',
		'192.0.2.0/024x',
		'192.0.2',
		'192.0.2.0-192.0.2.9',
		'*',
		'192.0.2.*',
	])('the entry %p is faulty: the list is not made', (entry) => {
		expect(() => new AddressList(['192.0.2.1', entry])).toThrow(FaultyAddress);
		expect(() => new AddressList(['192.0.2.1', entry])).toThrow(
			/^The IP allowlist has the entry ".*", which is no address: write /,
		);
	});
});

describe('a request from an address that is not allowed', () => {
	it('is refused with 403, and the owner reads which it was', () => {
		const refusal = (() => {
			try {
				return checkAddress('192.0.2.9', new AddressList(LIST));
			} catch (error) {
				return error;
			}
		})();
		expect(refusal).toMatchObject({
			status: 403,
			code: 'address_not_allowed',
			message: 'Requests from this address are not allowed.',
			operatorMessage: expect.stringContaining('"192.0.2.9"'),
		});
	});

	it.each([null, ''])('is refused when the address is %p: unknown', async (address) => {
		const refusal = await refusedBy(() =>
			taken({ body: '{"event_type":"a"}', address }, { ipAllowlist: ['0.0.0.0/0', '::/0'] }),
		);
		expect([refusal.status, refusal.code]).toEqual([403, 'address_not_allowed']);
		expect(refusal.operatorMessage).toMatch(address === null ? /"an unknown address"/ : /came from ""/);
	});

	it('is refused before its credentials are looked at', async () => {
		const headers = [['X-API-Key', 'wrong']] as const;
		const refusal = await refusedBy(() => taken({ headers, address: '192.0.2.9' }, { ipAllowlist: LIST }));
		expect([refusal.status, refusal.code]).toEqual([403, 'address_not_allowed']);
	});

	it('is taken from an address on the list, and from any when there is no list', async () => {
		const body = '{"event_type":"a"}';
		expect((await taken({ body, address: '192.0.2.1' }, { ipAllowlist: LIST })).accepted).toHaveLength(1);
		expect((await taken({ body, address: null })).accepted).toHaveLength(1);
	});
});

describe('the address that a sender is counted by', () => {
	it.each([
		['192.0.2.1', '192.0.2.1'],
		['::ffff:192.0.2.1', '192.0.2.1'],
		['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
		['2001:0DB8:1:2:ffff::', '2001:db8:1:2::'],
		['fe80::1%eth0', 'fe80::'],
		['no address', 'no address'],
		['', ''],
	])('of %j is %j', (text, address) => {
		expect(senderAddress(text)).toBe(address);
	});
});
