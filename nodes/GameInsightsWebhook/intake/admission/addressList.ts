import ipaddr from 'ipaddr.js';
import { quote, quoteOwn } from '../../../shared/json/jsonValue';
import { Refusal } from '../../../shared/refusal';

/** Thrown for an entry that is neither an address nor a network; the message is for the owner of the list. */
export class FaultyAddress extends Error {
	override readonly name = 'FaultyAddress';
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = readonly [address: Address, prefixLength: number];

/** The shortest IPv6 prefix with which a network of IPv4 addresses (`::ffff:0:0/96`) can be written. */
const MAPPED_PREFIX = 96;

/**
 * Addresses and networks (CIDR, RFC 4632 and RFC 4291) of IPv4 and IPv6. An IPv4 address matches in both
 * forms: as `192.0.2.1`, and as `::ffff:192.0.2.1`, the form in which systems that listen on IPv6 report it.
 */
export class AddressList {
	private readonly networks: readonly Network[];

	/**
	 * @param entries `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`…
	 * @throws {FaultyAddress}
	 */
	constructor(entries: readonly string[]) {
		this.networks = entries.map(networkOf);
	}

	/** Whether an address is on the list. False for a text that is no address. */
	has(text: string): boolean {
		const address = parsed(text);
		return address !== null && this.networks.some(([network, length]) => isIn(address, network, length));
	}
}

/**
 * @param addresses Null allows all.
 * @throws {Refusal} 403 `address_not_allowed`; also where the address is unknown.
 */
export function checkAddress(address: string | null, addresses: AddressList | null): void {
	if (addresses === null || (address !== null && addresses.has(address))) return;
	throw new Refusal(403, 'address_not_allowed', 'Requests from this address are not allowed.', {
		operatorMessage: `A request came from ${quote(address ?? 'an unknown address')}, which is not on the IP allowlist. Behind a proxy, tell n8n with N8N_PROXY_HOPS how many there are.`,
	});
}

/**
 * The smallest network that a provider gives to one customer (RFC 6177): whoever has one address has the
 * whole network.
 */
const CUSTOMER_PREFIX = 64;

/**
 * Identifies the sender behind an address: an IPv4 address in one form; for an IPv6 address its network of 64
 * bits. A text that is no address is returned unchanged.
 */
export function senderAddress(text: string): string {
	const address = parsed(text);
	if (address === null) return text;
	if (address instanceof ipaddr.IPv4) return address.toString();
	return ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${CUSTOMER_PREFIX}`).toString();
}

function networkOf(entry: string): Network {
	const [text = '', length, ...rest] = entry.split('/');
	const address = parsed(text, false);
	if (address !== null && rest.length === 0) {
		if (length === undefined) return unmapped(address, bitsOf(address));
		if (/^\d{1,3}$/.test(length) && Number(length) <= bitsOf(address))
			return unmapped(address, Number(length));
	}
	throw new FaultyAddress(
		`The IP allowlist has the entry ${quoteOwn(entry)}, which is no address: write 192.0.2.1, 2001:db8::1 or a network like 192.0.2.0/24.`,
	);
}

/** Converts a network of IPv4 addresses that is written in IPv6 form into IPv4 form. */
function unmapped(address: Address, length: number): Network {
	if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && length >= MAPPED_PREFIX) {
		return [address.toIPv4Address(), length - MAPPED_PREFIX];
	}
	return [address, length];
}

const bitsOf = (address: Address): number => (address.kind() === 'ipv4' ? 32 : 128);

/**
 * Different programs read `127.1`, `0x7f000001` and similar texts differently. So they are not accepted as
 * addresses here.
 */
const FOUR_DECIMALS = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;

/** @param isUnmapped Whether an IPv4 address in IPv6 form (`::ffff:…`) is converted into an IPv4 address. */
function parsed(text: string, isUnmapped = true): Address | null {
	if (text.includes('%')) return parsed(text.slice(0, text.indexOf('%')), isUnmapped); // the zone, RFC 4007
	if (FOUR_DECIMALS.test(text)) return ipaddr.IPv4.isValid(text) ? ipaddr.IPv4.parse(text) : null;
	// The library reads this obsolete form (RFC 4291, section 2.5.5.1) as an IPv4 address in IPv6 form.
	if (/^::\d+\./.test(text)) return null;
	if (!ipaddr.IPv6.isValid(text)) return null;
	const address = ipaddr.IPv6.parse(text);
	return isUnmapped && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function isIn(address: Address, network: Address, length: number): boolean {
	if (address instanceof ipaddr.IPv4 && network instanceof ipaddr.IPv4) return address.match(network, length);
	if (address instanceof ipaddr.IPv6 && network instanceof ipaddr.IPv6) return address.match(network, length);
	return false;
}
