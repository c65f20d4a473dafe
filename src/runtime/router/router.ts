import { percentage, requireNumbers } from "../platform/numbers.ts";
import { anyText, callable, oneOf, record, requireValue, requireValues } from "../platform/values.ts";
import { Guard, type GuardOptions } from "./guard.ts";
import { Shadow, type ShadowOptions } from "./shadow.ts";

/** A version that gets a share of the traffic before it becomes the active one. */
export interface Canary<V extends string> {
  version: V;
  /** Share of the keys, 0 to 100, two decimals. */
  percent: number;
  /** ISO 8601; afterwards everything goes to the active version again. */
  until?: string;
  /** Takes the canary back by itself when it fails more often than the active version. Sees calls by `router.call` only. */
  guard?: GuardOptions;
}

export interface RouterOptions<M extends Record<string, () => unknown>> {
  active: keyof M & string;
  /** Makes the client of each version; called once, when the version is first used. */
  versions: M;
  canary?: Canary<keyof M & string>;
  /** Runs reads on another version too, and tells where its answers differ. For calls by `router.shadow`. */
  shadow?: ShadowOptions<keyof M & string>;
  /** Epoch milliseconds. Default `Date.now`. */
  now?: () => number;
  /** 0 ≤ r < 1: which calls are shadowed. Default `Math.random`. */
  random?: () => number;
}

type ClientOf<M extends Record<string, () => unknown>, V extends keyof M> = ReturnType<M[V]>;

/** Chooses among the versions of an integration that live side by side. */
export interface Router<M extends Record<string, () => unknown>, A extends keyof M = keyof M> {
  /** The version that everything runs on, unless told otherwise. */
  readonly active: ClientOf<M, A>;
  /** One version for good, whatever is active. */
  pinned<V extends keyof M>(version: V): ClientOf<M, V>;
  /** The canary for its share of the keys, the active version for the rest; the same key always gets the same one. */
  for(key: string): ClientOf<M, keyof M>;
  /** As `for`, and the canary's guard is told how the call ended. */
  call<T>(key: string, work: (client: ClientOf<M, keyof M>) => Promise<T>): Promise<T>;
  /**
   * Reads from the active version, and from the shadow beside it. The caller gets the active version's answer and waits
   * for nothing else. @throws TypeError, in both versions, for a call that is not a read
   */
  shadow<T>(work: (client: ClientOf<M, keyof M>) => Promise<T>): Promise<T>;
}

const SHARES = 10_000;

/** FNV-1a, 32 bits, then murmur3's finalizer: FNV alone leaves the low digits of similar keys too much alike. */
function shareOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % SHARES;
}

/** A key that is missing would put everybody on one side. @throws TypeError */
function isKey(key: unknown): boolean {
  requireValue("the key of a call", key, anyText);
  return true;
}

function isOn(canary: Canary<string>, now: number): boolean {
  if (canary.until === undefined) return true;
  const until = Date.parse(canary.until);
  // A date that cannot be read must not keep a canary on for ever.
  return now < until;
}

/**
 * Makes the router of an integration.
 * @throws RangeError for an option that is no number that it can be; TypeError for a version that there is not
 * @example createRouter({ active: "v1", versions: { v1: () => new StripeV1(), v2: () => new StripeV2() }, canary: { version: "v2", percent: 10 } })
 */
export function createRouter<const M extends Record<string, () => unknown>, const A extends keyof M & string>(
  options: RouterOptions<M> & { active: A },
): Router<M, A> {
  requireValues("createRouter", options, { versions: record });
  const { versions, canary, now = Date.now, random = Math.random } = options;
  for (const [name, make] of Object.entries(versions))
    requireValue(`createRouter: \`versions.${name}\``, make, callable);
  const version = oneOf(...Object.keys(versions));
  requireValue("createRouter: `active`", options.active, version);
  if (canary) requireValues("canary", canary, { version });
  if (options.shadow) requireValues("shadow", options.shadow, { version, onReport: callable });
  if (canary) requireNumbers("canary", canary, { percent: percentage });
  const guard = canary?.guard && new Guard(canary.guard);
  const shadow = options.shadow && { ...options.shadow, runner: new Shadow(options.shadow, random) };
  const clients = new Map<keyof M, unknown>();
  const pinned = <V extends keyof M>(version: V): ClientOf<M, V> => {
    const make = Object.hasOwn(versions, version) ? versions[version] : undefined;
    if (make === undefined) {
      throw new RangeError(`no version ${String(version)}; there are ${Object.keys(versions).join(", ")}`);
    }
    if (!clients.has(version)) clients.set(version, make());
    // Only this function puts clients into the map, each under the version that made it.
    return clients.get(version) as ClientOf<M, V>;
  };
  const isCanary = (key: string): boolean =>
    canary !== undefined &&
    isKey(key) &&
    guard?.fellBack !== true &&
    shareOf(key) < canary.percent * (SHARES / 100) &&
    isOn(canary, now());
  const versionFor = (key: string) => (canary && isCanary(key) ? canary.version : options.active);
  return {
    get active() {
      return pinned(options.active);
    },
    pinned,
    for: (key) => pinned(versionFor(key)),
    call: async (key, work) => {
      const version = versionFor(key);
      const side = version === canary?.version ? "canary" : "active";
      try {
        const answer = await work(pinned(version));
        guard?.record(side, false);
        return answer;
      } catch (error) {
        if (guard?.counts(error)) guard.record(side, true);
        throw error;
      }
    },
    shadow: async (work) => {
      const onActive = () => work(pinned(options.active));
      if (!shadow) return onActive();
      return shadow.runner.run(options.active, onActive, () => work(pinned(shadow.version)));
    },
  };
}
