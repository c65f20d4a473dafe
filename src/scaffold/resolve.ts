import { UsageError } from "../base/errors.ts";
import { present } from "../base/present.ts";
import { secretsOfAuth } from "../config/auth-secrets.ts";
import type { Auth, Environment } from "../config/project.ts";
import { baseUrl as baseUrlSchema } from "../config/schema/values.ts";
import type { Answers } from "./answers.ts";
import { parseAuth } from "./auth-text.ts";
import { emitUnseenSchemas } from "./emit/settings.ts";
import { parseEndpoints } from "./endpoint-text.ts";
import { byEnvironment } from "./environments.ts";
import { pascalCase, variableName } from "./names.ts";
import type { ApiSource } from "./openapi/source.ts";
import type { Preset } from "./preset.ts";
import type { ModuleSpec, OperationSpec, PagesSpec, SecretSpec, WebhookSpec } from "./spec.ts";

/** What is known of the API beside the answers: a preset, or its own document. */
export interface Origin {
  preset?: Preset | undefined;
  api?: ApiSource | undefined;
}

/** Where the module will live. */
export interface Surroundings {
  name: string;
  version: string;
  environments: readonly Environment[];
}

function checkBaseUrl(text: string): string {
  const { error } = baseUrlSchema.safeParse(text);
  if (!error && URL.canParse(text)) return text.replace(/\/+$/, "");
  const why = error?.issues[0]?.message ?? "is not a URL";
  throw new UsageError(`--base-url '${text}' ${why}`, { code: "scaffold/base-url" });
}

/** Fills `{subdomain}` and its like, which only the user knows. */
function fillVariables(url: string, preset: Preset, values: Readonly<Record<string, string>>): string {
  return url.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value !== undefined && /^[\w.-]+$/.test(value)) return value;
    const example = preset.variables?.[name] ?? "…";
    const why = value === undefined ? "is not given" : `cannot be '${value}'`;
    throw new UsageError(`The ${name} of ${preset.displayName} ${why}`, {
      code: "scaffold/variable",
      hint: `--set ${name}=VALUE, such as ${example}`,
    });
  });
}

function presetBaseUrl(preset: Preset, answers: Answers, environments: readonly Environment[]) {
  const fill = (url: string) => fillVariables(url, preset, answers.set ?? {});
  const { baseUrl } = preset;
  if (typeof baseUrl === "string") return fill(baseUrl);
  const urls = { test: fill(baseUrl.test ?? baseUrl.live), live: fill(baseUrl.live) };
  const each = byEnvironment(urls, environments);
  const [first, ...others] = [...new Set(Object.values(each))];
  return first !== undefined && others.length === 0 ? first : each;
}

/** How the pages of an endpoint's list follow each other, as the provider's lists do. */
function pagesOf({ pagination }: Preset, items: string | undefined): PagesSpec | undefined {
  if (items === undefined || !pagination) return undefined;
  const { parameter, next, more } = pagination;
  return present({ items, parameter, next, more });
}

function presetOperations(preset: Preset): OperationSpec[] {
  return Object.entries(preset.endpoints).map(([name, endpoint]) => {
    const [, method = "GET", path = "/"] = /^(\S+) +(\S+)$/.exec(endpoint.request) ?? [];
    const pages = pagesOf(preset, endpoint.items);
    const { p95, errorRate, quotaRemaining } = endpoint.budget ?? {};
    return {
      name,
      method,
      path,
      examples: endpoint.examples ?? {},
      query: {},
      ...(endpoint.probeQuery === undefined ? {} : { probeQuery: endpoint.probeQuery }),
      ...(endpoint.readBody === undefined ? {} : { probeBody: endpoint.readBody }),
      ...(endpoint.probed === false ? { unlisted: true } : {}),
      ...(pages ? { pages } : {}),
      consumer: endpoint.consumer ?? pascalCase(name),
      sample: preset.samples[name] ?? {},
      ...(endpoint.budget
        ? {
            budget: {
              ...(p95 === undefined ? {} : { p95 }),
              ...(errorRate === undefined ? {} : { errorRate }),
              ...(quotaRemaining === undefined ? {} : { quotaRemaining }),
            },
          }
        : {}),
    };
  });
}

function patternOf(
  pattern: string | { test?: string | undefined; live: string },
  environments: readonly Environment[],
) {
  return typeof pattern === "string" ? pattern : byEnvironment(pattern, environments);
}

/** Where no page of the provider's is known, the one that explains a rotation there guides a person. */
function guideOf({ links }: Preset, verify: string | undefined): SecretSpec["rotation"] {
  return links.rotation === undefined || verify === undefined ? undefined : { page: links.rotation };
}

function presetSecrets(preset: Preset, auth: Auth, surroundings: Surroundings): SecretSpec[] {
  const { name, environments } = surroundings;
  const own = name === preset.name;
  return secretsOfAuth(auth).map((secret) => {
    const facts = preset.secrets[secret];
    if (!facts) return { name: secret, env: variableName(name, secret) };
    const rotation = facts.rotation ?? guideOf(preset, facts.verify);
    return {
      name: secret,
      // Under another name than the provider's (a second account) the provider's usual variable is taken.
      env: own ? facts.env : variableName(name, secret),
      ...(facts.rotateEvery === undefined ? {} : { rotateEvery: facts.rotateEvery }),
      ...(facts.pattern === undefined ? {} : { pattern: patternOf(facts.pattern, environments) }),
      ...(facts.verify === undefined ? {} : { verify: facts.verify }),
      ...(rotation === undefined ? {} : { rotation }),
    };
  });
}

function withVariable(secrets: readonly SecretSpec[], variable: string | undefined): SecretSpec[] {
  if (variable === undefined) return [...secrets];
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable) || secrets.length === 0) {
    const why = secrets.length === 0 ? "there is no secret to read from it" : "is not the name of a variable";
    throw new UsageError(`--env-var '${variable}': ${why}`, { code: "scaffold/env-var" });
  }
  return secrets.map((secret, index) => (index === 0 ? { ...secret, env: variable } : secret));
}

/** How deliveries are verified, and the secret that it takes. */
function webhookOf(
  answers: Answers,
  preset: Preset | undefined,
  name: string,
): { webhook?: WebhookSpec; secrets: SecretSpec[] } {
  if (!answers.with.includes("webhook")) return { secrets: [] };
  const known = preset?.webhook;
  if (known && "keys" in known) return { webhook: known, secrets: [] };
  const { scheme, secret } = known ?? { scheme: "hmac", secret: "webhook_secret" };
  const env = known && name === preset?.name ? known.env : variableName(name, secret);
  return { webhook: { scheme, env }, secrets: [{ name: secret, env }] };
}

function presetSpec(
  answers: Answers,
  { preset, api }: Origin & { preset: Preset },
  surroundings: Surroundings,
) {
  const auth: Auth = answers.auth === undefined ? present(preset.auth) : parseAuth(answers.auth);
  const schemas = api?.schemas ?? preset.schemas;
  return {
    displayName: preset.displayName,
    provider: preset.name,
    purpose: answers.purpose ?? preset.purpose,
    auth,
    secrets: presetSecrets(preset, auth, surroundings),
    headers: preset.headers ?? {},
    ...(preset.idempotencyHeader === undefined ? {} : { idempotencyHeader: preset.idempotencyHeader }),
    ...(preset.encoding === undefined ? {} : { encoding: preset.encoding }),
    // A later version may come from the provider's own document; everything else is as the preset knows it.
    operations: [...(api?.operations ?? presetOperations(preset)), ...parseEndpoints(answers.endpoints)],
    ...(api?.bodies === undefined ? {} : { bodies: api.bodies }),
    ...(schemas === undefined
      ? {}
      : { schemas: withUnseen(schemas, surroundings.name, parseEndpoints(answers.endpoints)) }),
  };
}

/** Any other API: from its OpenAPI document, or from address and endpoints alone. */
function ownSpec(answers: Answers, api: ApiSource | undefined, { name }: Surroundings) {
  const auth = answers.auth === undefined && api ? api.auth : parseAuth(answers.auth ?? "bearer");
  const operations = [...(api?.operations ?? []), ...parseEndpoints(answers.endpoints)];
  const verify = operations.find(({ method }) => method === "GET")?.name;
  return {
    displayName: pascalCase(name),
    purpose: answers.purpose ?? `Calls the ${pascalCase(name)} API`,
    auth,
    secrets: secretsOfAuth(auth).map((secret) => ({
      name: secret,
      env: variableName(name, secret),
      ...(verify === undefined ? {} : { verify }),
    })),
    headers: {},
    operations,
    ...(api?.bodies === undefined ? {} : { bodies: api.bodies }),
    ...(api ? { schemas: withUnseen(api.schemas, name, parseEndpoints(answers.endpoints)) } : {}),
  };
}

/** Schemas of the document, and of endpoints named beside it. */
function withUnseen(schemas: string, name: string, operations: readonly OperationSpec[]): string {
  return operations.length === 0 ? schemas : `${schemas}\n${emitUnseenSchemas({ name, operations })}\n`;
}

/**
 * From what a person said to everything that goes into the module.
 * @throws UsageError for an answer that cannot be used
 */
export function resolveSpec(answers: Answers, origin: Origin, surroundings: Surroundings): ModuleSpec {
  const { preset, api } = origin;
  const base = preset
    ? presetSpec(answers, { preset, api }, surroundings)
    : ownSpec(answers, api, surroundings);
  const given = answers.baseUrl === undefined ? undefined : checkBaseUrl(answers.baseUrl);
  const baseUrl =
    given ?? (preset ? presetBaseUrl(preset, answers, surroundings.environments) : api?.baseUrl);
  if (baseUrl === undefined) {
    const why = api ? "The document names no server" : `There is no preset for '${surroundings.name}'`;
    throw new UsageError(`${why}, so its address is needed`, {
      code: "scaffold/base-url",
      hint: api
        ? "--base-url https://api.example.com"
        : `integ scaffold ${surroundings.name} --base-url https://api.example.com --endpoint "get-thing=GET /things/{id=1}"`,
    });
  }
  if (base.operations.length === 0) {
    throw new UsageError("At least one endpoint is needed", {
      code: "scaffold/endpoint",
      hint: '--endpoint "get-thing=GET /things/{id=1}"',
    });
  }
  if (answers.with.includes("cache") && !base.operations.some(({ method }) => method === "GET")) {
    throw new UsageError(
      `--with cache: no endpoint of ${surroundings.name} is a GET, so nothing can be kept`,
      {
        code: "scaffold/no-reads",
      },
    );
  }
  const signing = webhookOf(answers, preset, surroundings.name);
  const secrets = withVariable(base.secrets, answers.variable);
  return {
    name: surroundings.name,
    ...base,
    baseUrl,
    owner: answers.owner,
    version: surroundings.version,
    secrets: [...secrets, ...signing.secrets],
    ...(signing.webhook ? { webhook: signing.webhook } : {}),
    queue: answers.with.includes("queue"),
    cache: answers.with.includes("cache"),
    testRunner: answers.testRunner ?? "vitest",
    importExtension: answers.importExtension,
  };
}
