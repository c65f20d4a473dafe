import { errorReply, jsonReply, type SandboxReply } from "./exchange.ts";
import type { JsonObject } from "./json.ts";

/**
 * One page of a list in Stripe's envelope. `limit` 1 to 100 (default 10), `starting_after` and `ending_before` name an
 * object of the list; unknown ones are refused as Stripe refuses them.
 */
export function listReply(
  path: string,
  noun: string,
  items: readonly JsonObject[],
  query: URLSearchParams,
): SandboxReply {
  const asked = query.get("limit") ?? "10";
  const limit = Number(asked);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    return errorReply(400, {
      type: "invalid_request_error",
      code: "parameter_invalid_integer",
      message: "Invalid limit: must be an integer between 1 and 100",
      param: "limit",
    });
  }
  for (const param of ["starting_after", "ending_before"]) {
    const id = query.get(param);
    if (id !== null && !items.some((item) => item.id === id)) return missing(noun, id, param, 400);
  }
  const after = items.findIndex(({ id }) => id === query.get("starting_after"));
  const before = items.findIndex(({ id }) => id === query.get("ending_before"));
  const start = before === -1 ? after + 1 : Math.max(after + 1, before - limit);
  const end = before === -1 ? start + limit : before;
  const hasMore = before === -1 ? end < items.length : start > after + 1;
  return jsonReply(200, { object: "list", data: items.slice(start, end), has_more: hasMore, url: path });
}

/** No such object: 404 for one asked for by its address, 400 for one named in a parameter. */
export function missing(noun: string, id: string, param = "id", status = 404): SandboxReply {
  return errorReply(status, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${noun}: '${id.slice(0, 80)}'`,
    param,
  });
}
