import type { Answers } from "../answers.ts";
import { parseAuth } from "../auth-text.ts";
import type { ApiSource } from "../openapi/source.ts";

/**
 * An API that was seen when its module was scaffolded, from what the lock kept: traffic is not there to be read again, and
 * no template speaks of its schemas.
 * @param schemas the pristine copy of schemas.ts
 */
export function observedAgain({ seen = [], auth, baseUrl }: Answers, schemas: string): ApiSource {
  return {
    title: undefined,
    baseUrl,
    auth: parseAuth(auth ?? "none"),
    operations: seen.map(({ probeQuery, ...operation }) => ({
      ...operation,
      query: {},
      ...(probeQuery === undefined ? {} : { probeQuery }),
    })),
    schemas,
    contracts: new Map(),
  };
}
