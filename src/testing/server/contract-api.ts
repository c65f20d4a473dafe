import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { HttpResponse, http, type RequestHandler } from "msw";
import { accepts } from "../../contract/accepts.ts";
import type { Json, Shape } from "../../contract/shape.ts";
import { parseContract } from "../../contract/store.ts";
import { requireValue, requireValues, text, type ValueRule } from "../../runtime/platform/values.ts";
import { exampleOf } from "../examples/example.ts";
import { disconnected, drifted, type Fault, failing, rateLimited, silent, truncated } from "./faults.ts";

const MAKERS: readonly unknown[] = [disconnected, drifted, failing, rateLimited, silent, truncated];

export interface ContractApiOptions {
  /** The directory of the contracts: `src/integrations/stripe/v1/contract`. */
  contracts: string;
  /** Where the client under test sends its requests. */
  baseUrl: string;
  /** The same seed, the same answers. Default 1. */
  seed?: number;
  /** Answers of your own, by endpoint; each must be what the contract says. */
  examples?: Readonly<Record<string, Json>>;
  /** Paths with parameters, as MSW writes them (`/v1/customers/:id`), by endpoint. Default: the contract's request. */
  paths?: Readonly<Record<string, string>>;
}

/** The API as its contracts describe it, offline, and what was asked of it. */
export interface ContractApi {
  /** For MSW's `setupServer(...api.handlers)`. */
  readonly handlers: readonly RequestHandler[];
  /** What the endpoint answers while nothing is wrong. */
  answer(endpoint: string): Json;
  /** Lets the next `times` requests (default 1) of an endpoint meet a fault; faults queue up. */
  fault(endpoint: string, fault: Fault, options?: { times?: number }): void;
  /** Requests that arrived at the endpoint, faults included, oldest first; their bodies can be read. */
  requests(endpoint: string): readonly Request[];
  /** @throws Error that lists what arrived, unless the endpoint was asked exactly `times` times (default 1) */
  expectSent(endpoint: string, times?: number): void;
  /** @throws Error unless each of the endpoint's requests carried the same `header`, and one is there: retries of one call */
  expectSameKey(endpoint: string, header?: string): void;
  /** Forgets requests and faults: between tests. */
  reset(): void;
}

/** A function that makes a fault, where it was not called, is easily taken for one. */
const madeFault: ValueRule = {
  says: "a fault, as a call of one gives it, such as silent()",
  holds: (value) => typeof value === "function" && !MAKERS.includes(value),
};

/** Those that MSW has handlers for. */
const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];

const HANDLERS: Readonly<Record<Method, typeof http.get>> = {
  GET: http.get,
  HEAD: http.head,
  OPTIONS: http.options,
  POST: http.post,
  PUT: http.put,
  PATCH: http.patch,
  DELETE: http.delete,
};

interface Endpoint {
  method: Method;
  path: string;
  status: number;
  answer: Json;
  faults: Fault[];
  requests: Request[];
}

/**
 * Reads a version's contracts and makes handlers for MSW that answer as these say.
 * @throws Error where there is no contract, or an example is not what the contract says
 */
export async function contractApi(options: ContractApiOptions): Promise<ContractApi> {
  requireValues("contractApi", options, { contracts: text, baseUrl: text });
  const { contracts, baseUrl, seed = 1 } = options;
  const names = (await readdir(contracts)).filter((name) => name.endsWith(".json")).sort();
  if (names.length === 0) throw new Error(`there are no contracts in ${contracts}`);
  const endpoints = new Map<string, Endpoint>();
  for (const file of names) {
    const name = basename(file, ".json");
    endpoints.set(name, read(name, await readFile(join(contracts, file), "utf8"), { ...options, seed }));
  }
  const of = (name: string): Endpoint => {
    const found = endpoints.get(name);
    if (!found) throw new Error(`no contract of ${name}; there are ${[...endpoints.keys()].join(", ")}`);
    return found;
  };
  return {
    handlers: [...endpoints.values()].map((endpoint) => handlerOf(endpoint, baseUrl)),
    answer: (name) => structuredClone(of(name).answer),
    fault: (name, fault, { times = 1 } = {}) => {
      requireValue(`the fault of ${name}`, fault, madeFault);
      for (let i = 0; i < times; i++) of(name).faults.push(fault);
    },
    requests: (name) => of(name).requests.map((request) => request.clone()),
    expectSent: (name, times = 1) => {
      const { requests } = of(name);
      if (requests.length === times) return;
      const lines = requests.map(({ method, url }) => `\n  ${method} ${url}`).join("");
      throw new Error(`${name} was asked ${requests.length} times, not ${times}${lines}`);
    },
    expectSameKey: (name, header = "Idempotency-Key") => {
      const keys = new Set(of(name).requests.map(({ headers }) => headers.get(header)));
      if (keys.size === 1 && !keys.has(null)) return;
      throw new Error(
        `${name} was asked with ${keys.size} different ${header} headers: ${[...keys].join(", ")}`,
      );
    },
    reset: () => {
      for (const endpoint of endpoints.values()) {
        endpoint.faults = [];
        endpoint.requests = [];
      }
    },
  };
}

function read(name: string, text: string, options: ContractApiOptions & { seed: number }): Endpoint {
  const contract = parseContract(text);
  const [word = "", target = ""] = contract.request.split(" ");
  const method = METHODS.find((one) => one === word);
  if (method === undefined) {
    throw new Error(
      `the contract of ${name} does not say which request it answers: record the endpoint, or write "request": "GET /things/1" into its "x-integ"`,
    );
  }
  const path = options.paths?.[name] ?? target.split("?")[0] ?? "/";
  const answer = options.examples?.[name] ?? exampleFor(name, contract.shape, options.seed);
  if (!accepts(contract.shape, answer))
    throw new Error(`the example of ${name} is not what its contract says`);
  return { method, path, status: contract.status, answer, faults: [], requests: [] };
}

function exampleFor(name: string, shape: Shape, seed: number): Json {
  try {
    return exampleOf(shape, seed);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function handlerOf(endpoint: Endpoint, baseUrl: string): RequestHandler {
  const url = baseUrl.replace(/\/$/, "") + endpoint.path;
  // By its method alone: what a handler takes and does not answer goes out to the network.
  return HANDLERS[endpoint.method](url, async ({ request }) => {
    endpoint.requests.push(request.clone());
    const fault = endpoint.faults.shift();
    if (fault) return await fault(endpoint.answer);
    return HttpResponse.json(endpoint.answer, { status: endpoint.status });
  });
}
