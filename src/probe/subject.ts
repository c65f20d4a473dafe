import { randomUUID } from "node:crypto";
import { neutralize } from "../base/text.ts";
import type { Budget, Target } from "../config/project.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { redactUrl } from "../http/redact.ts";
import { USER_AGENT } from "../http/request.ts";
import { basicOf } from "../http/user-info.ts";

/** One thing to probe: an endpoint of the project, or a URL that belongs to none. */
export interface Subject {
  /** `stripe@v1/get-balance`, or the URL. */
  label: string;
  /** Without credentials. */
  url: string;
  request: HttpRequest;
  /** Statuses that mean success; none: any 2xx. */
  expectStatus: readonly number[];
  budget: Budget;
  /** Methods that change something may be sent. */
  unsafe: boolean;
  /** Share of every quota that is never touched, 0 to 1. */
  reserve: number;
  /** Requests of one key draw on the same quotas: the integration in an environment, or the host. */
  quotaKey: string;
  target?: Target;
}

/** Share of a quota that probing a bare URL leaves alone. */
export const DEFAULT_RESERVE = 0.2;

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

export const isSafe = ({ method }: HttpRequest) => SAFE_METHODS.has(method);

/** All requests of one run carry one idempotency key, so that a provider that honours it acts once. */
function idempotent(request: HttpRequest): HttpRequest {
  const has = Object.keys(request.headers).some((name) => name.toLowerCase() === "idempotency-key");
  if (isSafe(request) || has) return request;
  return { ...request, headers: { ...request.headers, "idempotency-key": randomUUID() } };
}

export function subjectOfTarget(target: Target, request: HttpRequest): Subject {
  const { endpoint, project, integration, environment, label, url } = target;
  return {
    label,
    url: redactUrl(url),
    request: idempotent(request),
    expectStatus: endpoint.expect.status,
    budget: endpoint.budget,
    unsafe: endpoint.unsafe,
    reserve: project.config.quota.reserve,
    quotaKey: `${integration.name} ${environment.name}`,
    target,
  };
}

/** What an address says of who asks, as the header that it stands for; empty where it says nothing. */
function userOf(url: URL): Pick<HttpRequest, "headers" | "credentials"> {
  const authorization = basicOf(url);
  if (authorization === undefined) return { headers: {} };
  return { headers: { authorization }, credentials: { headers: ["authorization"], query: [] } };
}

/** @param url absolute, http: or https: */
export function subjectOfUrl(url: string, options: { reserve?: number } = {}): Subject {
  const { headers, ...user } = userOf(new URL(url));
  const shown = neutralize(redactUrl(url));
  return {
    label: shown,
    url: shown,
    request: {
      method: "GET",
      url,
      headers: { accept: "application/json, */*;q=0.5", "user-agent": USER_AGENT, ...headers },
      ...user,
    },
    expectStatus: [],
    budget: {},
    unsafe: false,
    reserve: options.reserve ?? DEFAULT_RESERVE,
    quotaKey: new URL(url).host,
  };
}

/** The fields by which findings and JSON name a subject. */
export function namesOf({ target, url }: Subject): {
  integration?: string;
  version?: string;
  environment?: string;
  endpoint: string;
} {
  if (!target) return { endpoint: url };
  return {
    integration: target.integration.name,
    version: target.version.name,
    environment: target.environment.name,
    endpoint: target.endpoint.name,
  };
}
