import { type LookupAddress, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { networkInterfaces } from "node:os";

/** Thrown inside a connection attempt when a redirect from the internet leads into a private network. */
export class PrivateAddressError extends Error {
  readonly code = "INTEG_PRIVATE_ADDRESS";
}

export interface LookupOptions {
  family?: 4 | 6 | undefined;
  /** Addresses for which the connection is refused. */
  refuses(address: string): boolean;
  onStart(): void;
  onEnd(): void;
}

/** A `lookup` for net.connect that marks when resolution starts and ends, which no event of Node's tells. */
export function markedLookup(options: LookupOptions): LookupFunction {
  return (hostname, asked, answer) => {
    options.onStart();
    const family = options.family ?? asked.family ?? 0;
    const local = isLocalhost(hostname);
    const resolve = local ? answerLocalhost : lookup;
    // As every other lookup, after net.connect has returned: its caller listens for the attempts that follow.
    const callback: typeof answer = local ? (...result) => process.nextTick(answer, ...result) : answer;
    resolve(hostname, { ...asked, family, all: true }, (error, addresses: LookupAddress[]) => {
      options.onEnd();
      const [first] = addresses ?? [];
      if (error || !first) return callback(error, "", 0);
      if (addresses.some(({ address }) => options.refuses(address))) {
        return callback(new PrivateAddressError(`${hostname} is ${first.address}`), "", 0);
      }
      if (asked.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** `localhost` and every name below it (RFC 6761 §6.3). */
const isLocalhost = (hostname: string) => /^(?:.+\.)?localhost\.?$/i.test(hostname);

/** As curl tries them. */
const LOOPBACK: readonly LookupAddress[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

/**
 * Loopback is known without asking (RFC 6761 §6.3): the system's resolver, behind a pool of threads, would cost half a millisecond
 * that no other name's answer contains.
 */
function answerLocalhost(
  _hostname: string,
  { family }: { family: number | string },
  callback: (error: null, addresses: LookupAddress[]) => void,
): void {
  const wanted = LOOPBACK.filter((one) => (family === one.family || family === 0) && isAvailable(one));
  callback(null, wanted.length > 0 ? wanted : LOOPBACK.filter((one) => family === one.family));
}

let available: ReadonlySet<string> | undefined;

/** Machines without IPv6 have no `::1`. */
function isAvailable({ address }: LookupAddress): boolean {
  available ??= new Set(
    Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map((one) => one.address)),
  );
  return available.has(address);
}
