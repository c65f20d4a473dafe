import { UsageError } from "../base/errors.ts";
import { compareText } from "../base/finding.ts";
import { didYouMean } from "../base/suggest.ts";
import type { Endpoint, Environment, Integration, Project, Target, Version } from "./project.ts";
import { parseTarget } from "./target-text.ts";

function unknown(what: string, name: string, known: readonly string[], where = ""): UsageError {
  return new UsageError(`There is no ${what} \`${name}\`${where}`, {
    code: `usage/unknown-${what}`,
    hint: didYouMean(name, known, `${what}s`),
  });
}

function named<T extends { name: string }>(items: readonly T[], name: string, what: string, where = ""): T {
  const found = items.find((item) => item.name === name);
  if (found) return found;
  throw unknown(
    what,
    name,
    items.map((item) => item.name),
    where,
  );
}

/**
 * The environment a command works on: the one named, or the project's default.
 * @throws UsageError with the closest name
 */
export function resolveEnvironment(project: Project, name?: string): Environment {
  return named(project.config.environments, name ?? project.config.defaultEnvironment, "environment");
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether an endpoint is asked of a live API: by a safe method (RFC 9110, 9.2.1), or where the manifest says `unsafe: true`. */
export function mayBeAsked({ method, unsafe }: Endpoint): boolean {
  return unsafe || SAFE_METHODS.has(method.toUpperCase());
}

/** Base URL of an integration in an environment; undefined where it is not there. */
export function baseUrlOf(integration: Integration, environment: Environment): string | undefined {
  const { baseUrl } = integration;
  return Object.hasOwn(baseUrl, environment.name) ? baseUrl[environment.name] : baseUrl["*"];
}

function urlOf(base: string | undefined, { path }: Endpoint): string | undefined {
  if (/^https?:/.test(path)) return path;
  return base === undefined ? undefined : base.replace(/\/+$/, "") + path;
}

function targetsOf(
  project: Project,
  environment: Environment,
  integration: Integration,
  version: Version,
  endpoints: readonly Endpoint[],
): Target[] {
  const base = baseUrlOf(integration, environment);
  return endpoints.flatMap((endpoint) => {
    const url = urlOf(base, endpoint);
    const label = `${integration.name}@${version.name}/${endpoint.name}`;
    return url === undefined ? [] : [{ project, integration, version, endpoint, environment, url, label }];
  });
}

/** Targets of an integration's endpoints without asking for a version: its active one. */
function everything(project: Project, environment: Environment): Target[] {
  return project.integrations.flatMap((integration) => {
    const version = named(integration.versions, integration.active, "version");
    return targetsOf(project, environment, integration, version, integration.endpoints);
  });
}

/** @throws UsageError that offers the endpoint whose name was given alone, as people do at first */
function integrationOf({ integrations }: Project, name: string): Integration {
  const homes = integrations.filter(({ endpoints }) => endpoints.some((one) => one.name === name));
  if (homes.length === 0 || integrations.some((one) => one.name === name)) {
    return named(integrations, name, "integration");
  }
  const meant = homes.map((one) => `\`${one.name}/${name}\``).join(" or ");
  throw new UsageError(`There is no integration \`${name}\``, {
    code: "usage/unknown-integration",
    hint: `did you mean ${meant}?`,
  });
}

function selected(project: Project, environment: Environment, text: string): Target[] {
  const wanted = parseTarget(text);
  if (!wanted) {
    throw new UsageError(`\`${text}\` is not a target`, {
      code: "usage/target",
      hint: "write `stripe`, `stripe@v1`, `stripe/get-balance` or `stripe@v2/get-balance`",
    });
  }
  const integration = integrationOf(project, wanted.integration);
  const where = ` in \`${integration.name}\``;
  const version = named(integration.versions, wanted.version ?? integration.active, "version", where);
  const endpoints =
    wanted.endpoint === undefined
      ? integration.endpoints
      : [named(integration.endpoints, wanted.endpoint, "endpoint", where)];
  const targets = targetsOf(project, environment, integration, version, endpoints);
  if (targets.length === 0 && endpoints.length > 0) {
    throw new UsageError(`\`${integration.name}\` has no base URL in ${environment.name}`, {
      code: "usage/no-base-url",
      hint: `it has one in ${Object.keys(integration.baseUrl).sort().join(", ")}; choose with --env`,
    });
  }
  return targets;
}

/**
 * The endpoints a command works on, each once, sorted by label. No targets: every endpoint of every integration that
 * has a base URL in the environment. Without `@vN` the active version is meant.
 * @throws UsageError for a name that leads nowhere, with the closest one as its hint
 */
export function resolveTargets(
  project: Project,
  targets: readonly string[],
  options: { env?: string | undefined } = {},
): Target[] {
  const environment = resolveEnvironment(project, options.env);
  const found =
    targets.length === 0
      ? everything(project, environment)
      : targets.flatMap((text) => selected(project, environment, text));
  const unique = new Map(found.map((target) => [target.label, target]));
  return [...unique.values()].sort((a, b) => compareText(a.label, b.label));
}
