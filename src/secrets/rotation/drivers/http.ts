import { IncompleteError } from "../../../base/errors.ts";
import type { Endpoint, KeyApi, KeyRequest } from "../../../config/project.ts";
import { readBody } from "../../../http/body.ts";
import type { Exchange } from "../../../http/exchange.ts";
import { refused } from "../../states.ts";
import type { ProviderKey, RotationDriver } from "../driver.ts";
import { fillTemplate, textAt, valueAt } from "../place.ts";
import type { Requester } from "../requests.ts";

/** What a DELETE of a key that is gone answers. */
const GONE = [404, 410];

function endpointOf(request: KeyRequest, values: Readonly<Record<string, string>>): Endpoint {
  const encoded = Object.fromEntries(Object.entries(values).map(([k, v]) => [k, encodeURIComponent(v)]));
  const headers = Object.entries(request.headers).map(([k, v]) => [k, String(fillTemplate(v, values))]);
  return {
    name: "key-management",
    method: request.method,
    path: String(fillTemplate(request.path, encoded)),
    headers: Object.fromEntries(headers),
    ...(request.body === undefined ? {} : { body: fillTemplate(request.body, values) }),
    unsafe: true,
    expect: { status: [] },
    budget: {},
    location: { file: "", line: 1, column: 1 },
  };
}

function failure(what: string, request: KeyRequest, { response, failure: why }: Exchange): IncompleteError {
  const answer = response ? `the provider answered ${response.status}` : (why?.message ?? "no answer");
  return new IncompleteError(`The provider did not ${what}: ${request.method} ${request.path}: ${answer}`, {
    code: "rotation/provider",
    hint: "`integ secrets rotate --resume` goes on from here, --abort goes back",
  });
}

const succeeded = ({ response }: Exchange) =>
  response !== undefined && response.status >= 200 && response.status < 300;

function documentOf({ response }: Exchange): unknown {
  const body = response && readBody(response);
  return body?.kind === "json" ? body.value : undefined;
}

/** A provider's key management, described in the manifest: any provider with a key API is data, not code. */
export function httpDriver(api: KeyApi, requester: Requester, environment: string): RotationDriver {
  const ask = async (what: string, request: KeyRequest, values: Record<string, string>, proof: string) => {
    const exchange = await requester.send(endpointOf(request, { environment, ...values }), proof);
    if (!succeeded(exchange)) throw failure(what, request, exchange);
    return documentOf(exchange);
  };
  const { create, list, identify, revoke } = api;
  const misread = (what: string, place: string) =>
    new IncompleteError(`The provider's answer has no ${what} at ${place}`, {
      code: "rotation/answer",
      hint: "mend `rotation` in its integration.yaml; `integ secrets rotate --abort` takes back what was made",
    });
  return {
    ...(list ? { list: async (proof) => keysOf(await ask("list its keys", list, {}, proof), list) } : {}),
    ...(identify
      ? { identify: async (proof) => textAt(await ask("identify the key", identify, {}, proof), identify.id) }
      : {}),
    create: async (tag, proof) => {
      if (proof === undefined) {
        throw refused(
          "There is no value yet that could prove who asks for a new key",
          "store the first one: `integ secrets set`",
        );
      }
      const answer = await ask("make a key", create, { tag }, proof);
      const value = textAt(answer, create.value);
      if (value === undefined) throw misread("new value", create.value);
      const id = create.id === undefined ? undefined : textAt(answer, create.id);
      return { value, ...(id === undefined ? {} : { id }) };
    },
    revoke: async ({ id }, proof) => {
      if (id === undefined) return false;
      const exchange = await requester.send(endpointOf(revoke, { environment, id }), proof);
      if (succeeded(exchange) || GONE.includes(exchange.response?.status ?? 0)) return true;
      throw failure("revoke the key", revoke, exchange);
    },
  };
}

function keysOf(document: unknown, list: NonNullable<KeyApi["list"]>): ProviderKey[] {
  const keys = valueAt(document, list.keys);
  if (!Array.isArray(keys)) return [];
  return keys.flatMap((key: unknown) => {
    const id = textAt(key, list.id);
    if (id === undefined) return [];
    const ending = list.ending === undefined ? undefined : textAt(key, list.ending);
    return [{ id, name: textAt(key, list.name) ?? "", ...(ending === undefined ? {} : { ending }) }];
  });
}
