import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { GuanlanError } from '@guanlan/domain';
import ipaddr from 'ipaddr.js';

export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

/** All addresses of a name. Rejects with a Node DNS error (`ENOTFOUND`, `EAI_AGAIN` …). */
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

/**
 * How far an address is from here: `public` is on the Internet; `private` is in this network or machine and needs the
 * operator's word; `never` is fetched for nobody (cloud metadata, link-local, multicast, reserved, translated).
 */
export type AddressReach = 'public' | 'private' | 'never';

/**
 * Classifies a textual IPv4 or IPv6 address by the IANA special-purpose registries (RFC 6890). An IPv4-mapped address
 * is never public, and as private as the IPv4 address inside it. Anything unreadable is `never`.
 */
export function addressReach(address: string): AddressReach {
  if (!ipaddr.isValid(address)) return 'never';
  const ip = ipaddr.parse(address);
  if (metadata.has(ip.toString())) return 'never';
  if (ip instanceof ipaddr.IPv4) return v4Reach(ip.range());
  const range = ip.range();
  if (range === 'ipv4Mapped') {
    const inner = addressReach(ip.toIPv4Address().toString());
    return inner === 'public' ? 'private' : inner;
  }
  if (range === 'loopback' || range === 'uniqueLocal') return 'private';
  // ipaddr.js calls everything it has no name for "unicast"; only 2000::/3 is global (RFC 4291 §2.4).
  return range === 'unicast' && ((ip.parts[0] ?? 0) & 0xe000) === 0x2000 ? 'public' : 'never';
}

/** What {@link guardedLookup} and {@link checkLiteral} ask; replaceable so that a test can call a loopback address public. */
export type ReachOf = (address: string) => AddressReach;

/**
 * Refuses a host that is itself an address, before anything is sent: `net.connect` does not call `lookup` for those.
 * The host comes from a WHATWG `URL`, which has already turned decimal, octal, hexadecimal and short forms into dotted
 * ones. Throws `address-private`.
 */
export function checkLiteral(hostname: string, allowPrivate: boolean, reachOf: ReachOf): void {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  if (isIP(bare) !== 0) checkAddress(hostname, bare, allowPrivate, reachOf);
}

/**
 * A `lookup` for `net.connect`: resolves once, refuses the name if *any* of its addresses is refused, and hands over the
 * checked addresses themselves, so that what was checked is what is connected to and a second answer of the name server
 * (DNS rebinding) is never asked for.
 */
export function guardedLookup(resolve: Resolve, allowPrivate: boolean, reachOf: ReachOf): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        try {
          for (const { address } of addresses) checkAddress(hostname, address, allowPrivate, reachOf);
        } catch (error) {
          callback(error as NodeJS.ErrnoException, '');
          return;
        }
        const first = addresses[0];
        if (first === undefined) callback(Object.assign(new Error(`no address for ${hostname}`), { code: 'ENODATA' }), '');
        else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}

/** The system's resolver (`getaddrinfo`), so that `/etc/hosts` and the office's own name server count. */
export const systemResolve: Resolve = (hostname) =>
  new Promise((done, fail) => {
    systemLookup(hostname, { all: true }, (error, addresses) => {
      if (error) fail(error);
      else done(addresses.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 })));
    });
  });

/** Instance metadata services that live outside 169.254.0.0/16: Alibaba Cloud, Oracle Cloud, AWS over IPv6. */
const metadata = new Set(['100.100.100.200', '192.0.0.192', 'fd00:ec2::254']);

function v4Reach(range: string): AddressReach {
  if (range === 'unicast') return 'public';
  return range === 'private' || range === 'loopback' || range === 'carrierGradeNat' ? 'private' : 'never';
}

function checkAddress(hostname: string, address: string, allowPrivate: boolean, reachOf: ReachOf): void {
  const reach = reachOf(address);
  if (reach === 'public' || (reach === 'private' && allowPrivate)) return;
  const what = hostname === address || hostname === `[${address}]` ? `地址 ${address} ` : `域名 ${hostname} 解析到 ${address}，该地址`;
  const mend =
    reach === 'private'
      ? '属于内网或本机，未获准访问。如确为本单位内网站点，请在该信息源或渠道上打开“允许内网地址”（--allow-private）。'
      : '属于保留、链路本地、组播或云主机元数据等特殊地址，任何情况下都不访问。请改用公开网址。';
  throw new GuanlanError('address-private', `${what}${mend}`, { details: { hostname, address } });
}
