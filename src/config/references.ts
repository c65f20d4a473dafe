import type { Problem } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import { AUTH_SECRETS } from "./auth-secrets.ts";
import { compileRegex } from "./regex.ts";
import { missingKeys } from "./rotation.ts";
import { secretName } from "./schema/values.ts";
import type { Path, Source } from "./source.ts";
import { parseTarget } from "./target-text.ts";

/** What of a file's schema may not hold still is judged here, so values are read without trusting their types. */
type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const mapping = (value: unknown): Mapping => (isMapping(value) ? value : {});
const get = (value: unknown, ...path: string[]): unknown =>
  path.reduce((at, key) => (Object.hasOwn(mapping(at), key) ? mapping(at)[key] : undefined), value);

function missingReference(source: Source, path: Path, what: string, value: string, known: readonly string[]) {
  const hint = didYouMean(value, known, `${what}s`) ?? `there are no ${what}s yet`;
  return source.problem(
    "config/reference",
    `There is no ${what} \`${value}\``,
    { path, part: "value" },
    { hint },
  );
}

/** Reports `value` at `path` unless it is absent or one of `known`. */
function mustBeKnown(
  source: Source,
  path: readonly string[],
  what: string,
  known: readonly string[],
): Problem[] {
  const value = get(source.value, ...path);
  return typeof value === "string" && !known.includes(value)
    ? [missingReference(source, path, what, value, known)]
    : [];
}

/** Like `mustBeKnown`, but what does not look like a name may be the credential itself, and is not repeated. */
function secretReference(source: Source, path: readonly string[], secrets: readonly string[]): Problem[] {
  const value = get(source.value, ...path);
  if (typeof value !== "string" || secrets.includes(value) || !secretName.safeParse(value).success) return [];
  if (value.length <= 32 && !/\d{6}/.test(value)) return mustBeKnown(source, path, "secret", secrets);
  const hint = "write the name of one of `secrets` here; values are stored with `integ secrets set`";
  return [
    source.problem(
      "config/reference",
      "There is no secret of this name",
      { path, part: "value" },
      { hidden: true, hint },
    ),
  ];
}

function environmentKeys(
  source: Source,
  path: readonly string[],
  environments: readonly string[] | undefined,
): Problem[] {
  if (!environments) return [];
  return Object.keys(mapping(get(source.value, ...path)))
    .filter((name) => !environments.includes(name))
    .map((name) =>
      source.problem(
        "config/reference",
        `There is no environment \`${name}\``,
        { path: [...path, name], part: "key" },
        { hint: didYouMean(name, environments, "environments") ?? "" },
      ),
    );
}

function invalidRegex(source: Source, path: readonly string[]): Problem[] {
  const pattern = get(source.value, ...path);
  if (typeof pattern !== "string") return [];
  const compiled = compileRegex(pattern);
  if (typeof compiled !== "string") return [];
  return [source.problem("config/regex", `\`${path.join(".")}\` ${compiled}`, { path, part: "value" })];
}

function invalidUrl(source: Source, path: readonly string[]): Problem[] {
  const value = get(source.value, ...path);
  const url = typeof value === "string" ? value.replace(/^[A-Z]+ +/, "") : "";
  if (!/^https?:/.test(url) || URL.canParse(url)) return [];
  return [source.problem("config/url", `\`${url}\` is not a URL`, { path, part: "value" })];
}

const CREDENTIAL_HEADERS = ["authorization", "proxy-authorization", "cookie"];

function credentialHeaders(source: Source, path: readonly string[]): Problem[] {
  return Object.keys(mapping(get(source.value, ...path)))
    .filter((header) => CREDENTIAL_HEADERS.includes(header.toLowerCase()))
    .map((header) =>
      source.problem(
        "config/credential",
        `\`${header}\` carries a credential, and credentials never stand in the manifest`,
        { path: [...path, header], part: "key" },
        { hidden: true, hint: "name the secret under `auth`, and store its value with `integ secrets set`" },
      ),
    );
}

function incompleteRotation(source: Source, path: readonly string[]): Problem[] {
  return missingKeys(mapping(get(source.value, ...path))).map((key) =>
    source.problem("config/missing-key", `Missing key \`${key}\`: the driver cannot work without it`, {
      path: [...path, "driver"],
      part: "value",
    }),
  );
}

/** The secrets that a rotation names; it cannot replace itself twice. */
function rotationSecrets(source: Source, path: readonly string[], secrets: readonly string[]): Problem[] {
  const own = path.at(-2);
  const partners = Object.keys(mapping(get(source.value, ...path, "create", "with")));
  const others = secrets.filter((name) => name !== own);
  return [
    ...secretReference(source, [...path, "idSecret"], others),
    ...secretReference(source, [...path, "proof"], others),
    ...partners
      .filter((name) => !others.includes(name))
      .map((name) => {
        const hint = didYouMean(name, others, "secrets") ?? "declare it under `secrets` of this manifest";
        const at = { path: [...path, "create", "with", name], part: "key" } as const;
        return source.problem("config/reference", `There is no other secret \`${name}\``, at, { hint });
      }),
  ];
}

/** A refresh token is one only where the requests are authorized with it. */
function refreshProblems(source: Source, name: string): Problem[] {
  const path = ["secrets", name, "rotation", "driver"];
  const auth = get(source.value, "auth");
  const fits = get(auth, "scheme") === "oauth2-refresh" && get(auth, "refreshTokenSecret") === name;
  if (get(source.value, ...path) !== "oauth2" || fits) return [];
  const message = `The driver \`oauth2\` needs \`auth: { scheme: oauth2-refresh, refreshTokenSecret: ${name}, … }\``;
  return [source.problem("config/value", message, { path, part: "value" })];
}

function secretProblems(
  source: Source,
  environments: readonly string[] | undefined,
  endpoints: readonly string[],
) {
  const secrets = Object.keys(mapping(get(source.value, "secrets")));
  return secrets.flatMap((name) => {
    const pattern = ["secrets", name, "pattern"];
    return [
      ...invalidRegex(source, pattern),
      ...environmentKeys(source, pattern, environments),
      ...Object.keys(mapping(get(source.value, ...pattern))).flatMap((environment) =>
        invalidRegex(source, [...pattern, environment]),
      ),
      ...mustBeKnown(source, ["secrets", name, "rotation", "verify"], "endpoint", endpoints),
      ...incompleteRotation(source, ["secrets", name, "rotation"]),
      ...invalidRegex(source, ["secrets", name, "rotation", "idPattern"]),
      ...rotationSecrets(source, ["secrets", name, "rotation"], secrets),
      ...refreshProblems(source, name),
    ];
  });
}

function activeProblems(source: Source, versions: readonly string[]): Problem[] {
  if (get(source.value, "active") !== undefined) return mustBeKnown(source, ["active"], "version", versions);
  if (versions.length === 1) return [];
  const message = "Missing key `active`: with several versions it must name one";
  return [source.problem("config/missing-key", message, { path: ["versions"], part: "key" })];
}

/** Versions of a manifest; `v1` where it names none. */
export function versionNames(value: unknown): string[] {
  const names = Object.keys(mapping(get(value, "versions")));
  return names.length > 0 ? names : ["v1"];
}

/**
 * What a schema cannot see of a manifest: names that lead nowhere, patterns, URLs, credentials in plain sight.
 * `environments` is undefined where the configuration that names them cannot be read.
 */
export function manifestReferences(
  source: Source,
  { directoryName, environments }: { directoryName: string; environments: readonly string[] | undefined },
): Problem[] {
  const { value } = source;
  const secrets = Object.keys(mapping(get(value, "secrets")));
  const endpoints = Object.keys(mapping(get(value, "endpoints")));
  const versions = versionNames(value);
  const bases = isMapping(get(value, "baseUrl"))
    ? Object.keys(mapping(get(value, "baseUrl"))).map((name) => ["baseUrl", name])
    : [["baseUrl"]];
  return [
    ...nameProblems(source, directoryName),
    ...(bases.length === 0 ? [noBaseUrl(source)] : bases.flatMap((path) => invalidUrl(source, path))),
    ...environmentKeys(source, ["baseUrl"], environments),
    ...AUTH_SECRETS.flatMap((key) => secretReference(source, ["auth", key], secrets)),
    ...Object.keys(mapping(get(value, "auth", "headers"))).flatMap((header) =>
      secretReference(source, ["auth", "headers", header], secrets),
    ),
    ...secretProblems(source, environments, endpoints),
    ...activeProblems(source, versions),
    ...mustBeKnown(source, ["canary", "version"], "version", versions),
    ...versions.flatMap((name) => credentialHeaders(source, ["versions", name, "headers"])),
    ...endpoints.flatMap((name) => [
      ...credentialHeaders(source, ["endpoints", name, "headers"]),
      ...invalidUrl(source, ["endpoints", name, "request"]),
    ]),
  ];
}

function noBaseUrl(source: Source): Problem {
  const message = "`baseUrl` must name at least one environment";
  return source.problem("config/value", message, { path: ["baseUrl"], part: "key" });
}

function nameProblems(source: Source, directoryName: string): Problem[] {
  const name = get(source.value, "name");
  if (typeof name !== "string" || name === directoryName) return [];
  const message = `\`name\` must be the name of its directory, \`${directoryName}\`, but is \`${name}\``;
  return [source.problem("config/name", message, { path: ["name"], part: "value" })];
}

/** Environments of a configuration, in its order; `dev` where it names none. */
export function environmentNames(value: unknown): string[] {
  const names = Object.keys(mapping(get(value, "environments")));
  return names.length > 0 ? names : ["dev"];
}

/** What is known of an integration when targets of waivers are checked. */
export interface KnownIntegration {
  name: string;
  versions: readonly string[];
  endpoints: readonly string[];
  secrets: readonly string[];
}

/** Names of a manifest even when other parts of it are wrong. */
export function knownIntegration(directoryName: string, value: unknown): KnownIntegration {
  return {
    name: directoryName,
    versions: versionNames(value),
    endpoints: Object.keys(mapping(get(value, "endpoints"))),
    secrets: Object.keys(mapping(get(value, "secrets"))),
  };
}

function waiverTarget(source: Source, index: number, integrations: readonly KnownIntegration[]): Problem[] {
  const list = get(source.value, "waivers");
  const text = Array.isArray(list) ? get(list[index], "target") : undefined;
  if (typeof text !== "string") return [];
  const path = ["waivers", index, "target"];
  const target = parseTarget(text);
  if (!target) {
    const message = `\`${text}\` is not a target such as \`stripe\`, \`stripe@v1\` or \`stripe/get-balance\``;
    return [source.problem("config/value", message, { path, part: "value" })];
  }
  const found = integrations.find(({ name }) => name === target.integration);
  const missing = (what: string, value: string, known: readonly string[]) => [
    missingReference(source, path, what, value, known),
  ];
  if (!found) {
    const names = integrations.map(({ name }) => name);
    return missing("integration", target.integration, names);
  }
  if (target.version !== undefined && !found.versions.includes(target.version))
    return missing("version", target.version, found.versions);
  if (target.endpoint !== undefined && !found.endpoints.includes(target.endpoint))
    return missing("endpoint", target.endpoint, found.endpoints);
  return [];
}

/** One vault file cannot hold the secrets of several environments. */
function vaultProblems(source: Source): Problem[] {
  const { value } = source;
  const file = get(value, "secrets", "vaultFile");
  if (typeof file !== "string" || file.includes("{environment}")) return [];
  const fallback = get(value, "secrets", "store");
  const storeOf = (name: string) => get(value, "environments", name, "store") ?? fallback;
  if (environmentNames(value).filter((name) => storeOf(name) === "vault").length < 2) return [];
  const message = "Several environments use the vault, so `secrets.vaultFile` must hold `{environment}`";
  return [source.problem("config/value", message, { path: ["secrets", "vaultFile"], part: "value" })];
}

/** Names at a target for secrets that do not go there, and one name for two of them. */
function asProblems(
  source: Source,
  at: readonly string[],
  secrets: readonly unknown[],
  known: readonly string[],
): Problem[] {
  const all = Object.entries(mapping(get(source.value, ...at, "as")));
  const names = all.filter(([secret]) => known.includes(secret));
  const taken = new Map<unknown, string>();
  return names.flatMap(([secret, name]) => {
    const path = [...at, "as", secret];
    const [integration = ""] = secret.split("/");
    if (!secrets.includes(secret) && !secrets.includes(integration)) {
      const message = `\`${secret}\` does not go to this target: it is not among its \`secrets\``;
      return [source.problem("config/reference", message, { path, part: "key" })];
    }
    const other = taken.get(name);
    taken.set(name, secret);
    if (other === undefined) return [];
    const message = `\`${other}\` and \`${secret}\` would both be \`${String(name)}\` at this target`;
    return [source.problem("config/value", message, { path, part: "value" })];
  });
}

/** Environments and secrets of a push target that lead nowhere. */
function pushProblems(source: Source, name: string, integrations: readonly KnownIntegration[]): Problem[] {
  const at = ["secrets", "push", name];
  const target = get(source.value, ...at);
  const known = integrations.flatMap(({ name, secrets }) => [
    name,
    ...secrets.map((one) => `${name}/${one}`),
  ]);
  const listed = get(target, "secrets");
  const secrets = Array.isArray(listed) ? listed : [];
  const several = secrets.length > 1 || secrets.some((text) => !String(text).includes("/"));
  return [
    ...mustBeKnown(source, [...at, "environment"], "environment", environmentNames(source.value)),
    ...secrets.flatMap((text, index) =>
      typeof text === "string" && !known.includes(text)
        ? [missingReference(source, [...at, "secrets", index], "secret", text, known)]
        : [],
    ),
    ...Object.keys(mapping(get(target, "as")))
      .filter((text) => !known.includes(text))
      .map((text) => {
        const hint = didYouMean(text, known, "secrets") ?? "there are no secrets yet";
        const path = [...at, "as", text];
        return source.problem(
          "config/reference",
          `There is no secret \`${text}\``,
          { path, part: "key" },
          { hint },
        );
      }),
    ...asProblems(source, at, secrets, known),
    ...(several && get(target, "whole") === true
      ? [
          source.problem(
            "config/value",
            "`whole` is for a target of exactly one secret, written `integration/secret`",
            { path: [...at, "whole"], part: "value" },
          ),
        ]
      : []),
  ];
}

/** What a schema cannot see of integ.config.yaml. */
export function configReferences(source: Source, integrations: readonly KnownIntegration[]): Problem[] {
  const waivers = get(source.value, "waivers");
  return [
    ...mustBeKnown(source, ["defaultEnvironment"], "environment", environmentNames(source.value)),
    ...vaultProblems(source),
    ...Object.keys(mapping(get(source.value, "secrets", "push"))).flatMap((name) =>
      pushProblems(source, name, integrations),
    ),
    ...(Array.isArray(waivers) ? waivers : []).flatMap((_, index) =>
      waiverTarget(source, index, integrations),
    ),
  ];
}
