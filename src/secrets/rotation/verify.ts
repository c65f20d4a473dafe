import { SecretError } from "../../base/errors.ts";
import type { Endpoint } from "../../config/project.ts";
import { readBody } from "../../http/body.ts";
import type { Exchange } from "../../http/exchange.ts";
import { strangerOf } from "../../http/redirect.ts";
import type { Verdict, Verifier } from "./driver.ts";
import { textAt } from "./place.ts";
import type { Requester } from "./requests.ts";

/** Endpoints that are asked whether permissions were lost; a provider's quota is not ours to spend. */
const MOST_ENDPOINTS = 10;

function succeeded(endpoint: Endpoint, status: number): boolean {
  const expected = endpoint.expect.status;
  return expected.length > 0 ? expected.includes(status) : status >= 200 && status < 300;
}

function verdictOf(exchange: Exchange, endpoint: Endpoint, identity: string | undefined): Verdict {
  const { response, failure } = exchange;
  if (!response) return { state: "unknown", reason: failure?.message ?? "no answer" };
  const { status } = response;
  const asked = `${endpoint.method} ${endpoint.path.split("?")[0]}`;
  const stranger = strangerOf(exchange);
  if (stranger)
    return { state: "unknown", reason: `${asked} was redirected to ${stranger}, without the value` };
  const reason = `${asked} answered ${status}`;
  if (status === 401 || status === 403) return { state: "rejected", reason };
  if (!succeeded(endpoint, status)) return { state: "unknown", reason };
  if (identity === undefined) return { state: "works" };
  const body = readBody(response);
  const whose = body.kind === "json" ? textAt(body.value, identity) : undefined;
  if (whose !== undefined) return { state: "works", identity: whose };
  return { state: "unknown", reason: `${reason}, and not whose key it is at ${identity}` };
}

/**
 * Verifies values by live requests: 401 and 403 reject a value, the endpoint's expected status proves it, and anything
 * else (an outage, a spent quota, a sign-in page elsewhere) says nothing.
 * @param identity where in the answer stands whose key it is
 */
export function createVerifier(
  requester: Requester,
  endpoint: Endpoint,
  identity: string | undefined,
): Verifier {
  const verify = async (value: string, of: Endpoint = endpoint): Promise<Verdict> => {
    try {
      return verdictOf(await requester.send(of, value), of, of === endpoint ? identity : undefined);
    } catch (error) {
      if (!(error instanceof SecretError) || error.state !== "corrupt") throw error;
      return { state: "unknown", reason: error.message, unfit: true };
    }
  };
  return {
    verify: (value) => verify(value),
    lost: async (before, after) => {
      const others = requester.integration.endpoints
        .filter(({ name, method }) => name !== endpoint.name && (method === "GET" || method === "HEAD"))
        .slice(0, MOST_ENDPOINTS);
      const lost: string[] = [];
      for (const other of others) {
        if ((await verify(after, other)).state !== "rejected") continue;
        if ((await verify(before, other)).state === "works") lost.push(other.name);
      }
      return lost;
    },
  };
}
