import { type LookupAddress, lookup } from "node:dns";
import type { LookupFunction } from "node:net";

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
  return (hostname, asked, callback) => {
    options.onStart();
    const family = options.family ?? asked.family ?? 0;
    lookup(hostname, { ...asked, family, all: true }, (error, addresses: LookupAddress[]) => {
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
