import { UsageError } from "../../base/errors.ts";
import { compareText } from "../../base/finding.ts";
import { plural } from "../../base/text.ts";
import type { Sample, WholeSample } from "../../contract/judge.ts";
import { recordContract } from "../../contract/record.ts";
import type { Shape } from "../../contract/shape.ts";
import type { StoredContract } from "../../contract/store.ts";
import { probeRequest } from "../manifest.ts";
import { Names, typeName } from "../openapi/names.ts";
import { sampleOf } from "../openapi/sample.ts";
import { emitZod, type Root } from "../openapi/zod.ts";
import type { OperationSpec } from "../spec.ts";
import { observedName } from "./names.ts";
import { keptQuery, type Route, routeOf, type SeenRequest } from "./route.ts";

/** A request with its answer. */
export interface SeenExchange extends SeenRequest {
  answer: WholeSample;
}

/** What a module takes from traffic. */
export interface ObservedApi {
  baseUrl: string;
  operations: OperationSpec[];
  /** The whole of schemas.ts. */
  schemas: string;
  /** Endpoint → what its answers say. */
  contracts: ReadonlyMap<string, StoredContract>;
  /** Exchanges that nothing was taken from: another host, no JSON, no success. */
  left: number;
}

interface Group {
  route: Route;
  /** Query as it may be kept → the answers to it. */
  queries: Map<string, Sample[]>;
}

const isUsable = ({ answer }: SeenExchange) =>
  answer.status >= 200 && answer.status < 300 && answer.body.kind === "json";

const originOf = (url: string) => new URL(url).origin;

/** The host that most answers came from; of equals, the first in order. */
function busiestOrigin(seen: readonly SeenExchange[]): string {
  const counts = new Map<string, number>();
  for (const { url } of seen) counts.set(originOf(url), (counts.get(originOf(url)) ?? 0) + 1);
  const [busiest] = [...counts].sort(([a, n], [b, m]) => m - n || compareText(a, b));
  return busiest?.[0] ?? "";
}

function groupByRoute(
  seen: readonly SeenExchange[],
  base: string,
  isSecretName: (name: string) => boolean,
): Group[] {
  const groups = new Map<string, Group>();
  for (const one of seen) {
    const route = routeOf(one, base);
    const key = `${route.method} ${route.path}`;
    const group = groups.get(key) ?? { route, queries: new Map() };
    groups.set(key, group);
    const query = keptQuery(one.url, isSecretName);
    group.queries.set(query, [...(group.queries.get(query) ?? []), one.answer]);
  }
  return [...groups].sort(([a], [b]) => compareText(a, b)).map(([, group]) => group);
}

/** Several things of one kind: a list, or a page around one. */
function isList(shape: Shape): boolean {
  if (shape.arrays.length > 0) return true;
  const [page] = shape.objects;
  if (!page || page.properties.size > 8) return false;
  return [...page.properties.values()].some((property) => property.shape.arrays.length > 0);
}

const head = (answers: number) => `import * as z from "zod";

// What ${plural(answers, "answer")} held. Take out what you do not read, and say where a value may be absent that all of
// these had: \`integ check\` tells which of these lines a change breaks.
`;

/** The query that was asked most, and what was answered to it: a contract is about one request. */
function mostAsked({ queries }: Group): [query: string, answers: Sample[]] {
  const [first] = [...queries].sort(([a, m], [b, n]) => n.length - m.length || compareText(a, b));
  return first ?? ["", []];
}

/**
 * Reads an API from what was seen of it: one operation for each method and path, its schema and its contract from the
 * answers. No value of an answer gets into any of them but members of an enum that the contract's inference is sure of.
 * @param options.baseUrl only what lies below it is taken; default: the host of most answers
 * @throws UsageError where nothing usable was seen
 */
export function observeApi(
  seen: readonly SeenExchange[],
  options: {
    name: string;
    baseUrl?: string | undefined;
    isSecretName: (name: string) => boolean;
  },
): ObservedApi {
  const usable = seen.filter(isUsable);
  const baseUrl = options.baseUrl?.replace(/\/+$/, "") ?? busiestOrigin(usable);
  const own = usable.filter(({ url }) => url === baseUrl || url.startsWith(`${baseUrl}/`));
  if (own.length === 0) {
    const where = options.baseUrl === undefined ? "" : ` from ${options.baseUrl}`;
    throw new UsageError(`None of ${plural(seen.length, "answer")} is a success with JSON${where}`, {
      code: "scaffold/nothing-seen",
      hint: "record what your code calls, or name the API's address with --base-url",
    });
  }
  const endpoints = new Names();
  const types = new Names();
  const roots: Root[] = [];
  const contracts = new Map<string, StoredContract>();
  const operations = groupByRoute(own, baseUrl, options.isSecretName).map((group): OperationSpec => {
    const [query, answers] = mostAsked(group);
    const draft = recordContract(answers, { request: "", title: "" });
    const name = endpoints
      .claim(observedName(group.route, isList(draft.shape)))
      .replace(/([a-z])(\d+)$/, "$1-$2");
    const consumer = types.claim(typeName(name.replace(/^(?:get|list|create|update|replace)-/, "")));
    roots.push({ name: consumer, shape: draft.shape });
    const operation: OperationSpec = {
      name,
      ...group.route,
      query: {},
      ...(query === "" ? {} : { probeQuery: query }),
      consumer,
      sample: sampleOf(draft.shape),
      acceptsText: draft.shape.strings.length > 0,
    };
    contracts.set(name, { ...draft, request: probeRequest(operation), title: `${options.name} ${name}` });
    return operation;
  });
  const schemas = `${head(own.length)}\n${emitZod(roots, { onlyNull: "z.unknown()" })}\n`;
  return { baseUrl, operations, schemas, contracts, left: seen.length - own.length };
}
