import { BlockList, isIP } from "node:net";

const NOT_PUBLIC_V4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
];

const NOT_PUBLIC_V6: readonly (readonly [string, number])[] = [
  ["::", 128],
  ["::1", 128],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
];

let notPublic: BlockList | undefined;

function blockList(): BlockList {
  if (notPublic) return notPublic;
  notPublic = new BlockList();
  for (const [net, prefix] of NOT_PUBLIC_V4) notPublic.addSubnet(net, prefix, "ipv4");
  for (const [net, prefix] of NOT_PUBLIC_V6) notPublic.addSubnet(net, prefix, "ipv6");
  return notPublic;
}

/**
 * Whether an IP address lies in a network that the internet does not reach: loopback, private, link-local, carrier NAT,
 * multicast (IANA special-purpose registries). IPv4 mapped into IPv6 counts as the IPv4 address it is.
 */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped) return blockList().check(mapped, "ipv4");
  const family = isIP(bare);
  return family !== 0 && blockList().check(bare, family === 4 ? "ipv4" : "ipv6");
}
