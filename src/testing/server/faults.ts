import { delay, HttpResponse } from "msw";
import type { Json } from "../../contract/shape.ts";

/** What goes wrong instead of the contract's answer. */
export type Fault = (answer: Json) => Response | Promise<Response>;

/** 429 with `Retry-After` in seconds. */
export function rateLimited({ retryAfter = 1 }: { retryAfter?: number } = {}): Fault {
  const init = { status: 429, headers: { "Retry-After": String(retryAfter) } };
  return () => HttpResponse.json({ error: { message: "rate limited" } }, init);
}

/** A status with a JSON body that says so. Default 500. */
export function failing({ status = 500 }: { status?: number } = {}): Fault {
  return () => HttpResponse.json({ error: { message: `status ${status}` } }, { status });
}

/** The connection breaks. */
export function disconnected(): Fault {
  return () => HttpResponse.error();
}

/** No answer, ever: the caller's own timeout has to end it. */
export function silent(): Fault {
  return async () => {
    await delay("infinite");
    return HttpResponse.error();
  };
}

/** An answer whose JSON is cut off. */
export function truncated(): Fault {
  return (answer) => {
    const text = JSON.stringify(answer);
    const headers = { "content-type": "application/json" };
    return new HttpResponse(text.slice(0, Math.max(1, Math.floor(text.length / 2))), { headers });
  };
}

export interface Drift {
  /** Names from the root, items of lists by `*`: `data.*.email`. */
  path: string;
  /** What stands there now; where it is absent the property is gone. */
  value?: Json;
}

/**
 * The provider changed what it returns: a property is gone, or another value stands there.
 * @throws RangeError, when a call is answered, where the answer has no such place: a drift that changes nothing tests nothing
 */
export function drifted(...drifts: readonly Drift[]): Fault {
  return (answer) => {
    const changed = structuredClone(answer);
    for (const { path, value } of drifts) {
      if (change(changed, path.split("."), value) === 0)
        throw new RangeError(`the answer has nothing at ${path}`);
    }
    return HttpResponse.json(changed);
  };
}

/** @returns how many places were changed */
function change(at: Json, [name = "", ...rest]: readonly string[], value: Json | undefined): number {
  if (typeof at !== "object" || at === null) return 0;
  if (Array.isArray(at)) {
    if (name !== "*") return 0;
    if (rest.length > 0) return at.reduce<number>((count, item) => count + change(item, rest, value), 0);
    const count = at.length;
    if (value === undefined) at.length = 0;
    else at.fill(value);
    return count;
  }
  const below = Object.hasOwn(at, name) ? at[name] : undefined;
  if (below === undefined) return 0;
  if (rest.length > 0) return change(below, rest, value);
  if (value === undefined) delete at[name];
  else at[name] = value;
  return 1;
}
