import { join } from "node:path";
import { parseDuration } from "../base/duration.ts";
import { compareText } from "../base/finding.ts";
import { present } from "../base/present.ts";
import type {
  Budget,
  Endpoint,
  Environment,
  Integration,
  Price,
  ProjectConfig,
  PushTarget,
  SecretPolicy,
  Version,
} from "./project.ts";
import { environmentNames, versionNames } from "./references.ts";
import { buildRotation } from "./rotation.ts";
import type { ConfigDocument } from "./schema/config.ts";
import type { Manifest } from "./schema/manifest.ts";
import type { Source } from "./source.ts";

// From validated documents to the typed project: every default is filled in here, and nowhere else.

function sortedEntries<T>(record: Readonly<Record<string, T>> | null | undefined): [string, T][] {
  return Object.entries(record ?? {}).sort(([a], [b]) => compareText(a, b));
}

const percent = (text: string): number => Number(text.slice(0, -1)) / 100;

function environments(document: ConfigDocument): Environment[] {
  const fallback = document.secrets?.store ?? "keychain";
  return environmentNames(document)
    .map((name) => {
      const given = document.environments?.[name];
      return { name, protected: given?.protected ?? false, store: given?.store ?? fallback };
    })
    .sort((a, b) => compareText(a.name, b.name));
}

const REMOTE_PATH = "integ/{project}/{environment}";

type PushDocument = NonNullable<NonNullable<NonNullable<ConfigDocument["secrets"]>["push"]>[string]>;

function pushPlace(given: PushDocument): PushTarget["place"] {
  const { environment: _, secrets: __, as: ___, ...place } = given;
  switch (place.to) {
    case "hashicorp-vault":
      return { ...present(place), mount: place.mount ?? "secret" };
    case "aws-secrets-manager":
      return { ...present(place), whole: place.whole ?? false };
    case "github":
      return present(place);
    case "command":
      return place;
  }
}

function pushTargets(given: ConfigDocument["secrets"]): PushTarget[] {
  return sortedEntries(given?.push).map(([name, target]) => ({
    name,
    environment: target.environment,
    secrets: target.secrets,
    as: target.as ?? {},
    place: pushPlace(target),
  }));
}

function stores(given: ConfigDocument["secrets"]): ProjectConfig["secrets"] {
  const { vaultFile, hashicorpVault, awsSecretsManager } = given ?? {};
  const { name, ...aws } = awsSecretsManager ?? {};
  return {
    ...(vaultFile === undefined ? {} : { vaultFile }),
    hashicorpVault: { mount: "secret", path: REMOTE_PATH, ...present(hashicorpVault ?? {}) },
    awsSecretsManager: { path: name ?? REMOTE_PATH, ...present(aws) },
    push: pushTargets(given),
  };
}

/** integ.config.yaml with its defaults. `project` is the name where the file gives none. */
export function buildConfig(
  document: ConfigDocument,
  source: Source,
  defaults: { project: string },
): ProjectConfig {
  const [first = "dev"] = environmentNames(document);
  return {
    project: document.project ?? defaults.project,
    integrations: document.integrations ?? "src/integrations",
    environments: environments(document),
    defaultEnvironment: document.defaultEnvironment ?? first,
    secrets: stores(document.secrets),
    quota: { reserve: percent(document.quota?.reserve ?? "20%") },
    notify: present({ ...document.notify, severity: document.notify?.severity ?? "warning" }),
    issues: present({
      ...document.issues,
      labels: document.issues?.labels ?? ["integ"],
      severity: document.issues?.severity ?? "error",
    }),
    rules: Object.fromEntries(sortedEntries(document.rules)),
    waivers: (document.waivers ?? []).map((waiver, index) => ({
      rule: waiver.rule,
      ...(waiver.target === undefined ? {} : { target: waiver.target }),
      ...(waiver.path === undefined ? {} : { path: waiver.path }),
      reason: waiver.reason,
      until: waiver.until,
      location: source.locate({ path: ["waivers", index], part: "value" }),
    })),
  };
}

const environmentVariable = (integration: string, secret: string): string =>
  `${integration}_${secret}`.toUpperCase().replaceAll("-", "_");

function secrets(manifest: Manifest): SecretPolicy[] {
  return sortedEntries(manifest.secrets).map(([name, given]) => {
    const rotateEveryMs = given?.rotateEvery === undefined ? undefined : parseDuration(given.rotateEvery);
    const { pattern = {} } = given ?? {};
    return {
      name,
      env: given?.env ?? environmentVariable(manifest.name, name),
      ...(rotateEveryMs === undefined ? {} : { rotateEveryMs }),
      pattern: Object.fromEntries(
        sortedEntries(typeof pattern === "string" ? { "*": pattern } : pattern).map(([environment, text]) => [
          environment,
          new RegExp(text),
        ]),
      ),
      rotation: buildRotation(given?.rotation),
    };
  });
}

function budget(given: NonNullable<Manifest["endpoints"]>[string]["budget"]): Budget {
  const { p95, errorRate, quotaRemaining } = given ?? {};
  const p95Ms = p95 === undefined ? undefined : parseDuration(p95);
  return {
    ...(p95Ms === undefined ? {} : { p95: p95Ms }),
    ...(errorRate === undefined ? {} : { errorRate: percent(errorRate) }),
    ...(quotaRemaining === undefined ? {} : { quotaRemaining: percent(quotaRemaining) }),
  };
}

/** `0.002 USD` */
function price(text: string | undefined): { price?: Price } {
  if (text === undefined) return {};
  const [amount = "", currency = ""] = text.split(" ");
  return { price: { amount: Number(amount), currency } };
}

function endpoints(manifest: Manifest, source: Source): Endpoint[] {
  return sortedEntries(manifest.endpoints).map(([name, given]) => {
    const [method = "", path = ""] = given.request.split(/ +/);
    const status = given.expect?.status ?? [];
    return {
      name,
      method,
      path,
      headers: given.headers ?? {},
      ...(given.body === undefined ? {} : { body: given.body }),
      unsafe: given.unsafe ?? false,
      expect: { status: typeof status === "number" ? [status] : status },
      ...(given.consumer === undefined ? {} : { consumer: given.consumer }),
      budget: budget(given.budget),
      ...price(given.price),
      // Looked for where a finding asks for it: most endpoints have none.
      get location() {
        return source.locate({ path: ["endpoints", name], part: "key" });
      },
    };
  });
}

function versions(manifest: Manifest, directory: string): Version[] {
  return versionNames(manifest)
    .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
    .map((name) => {
      const { headers = {}, deprecated } = manifest.versions?.[name] ?? {};
      const version = { name, headers, directory: join(directory, name) };
      return deprecated ? { ...version, deprecated: withoutAbsent(deprecated) } : version;
    });
}

function deadlines(given: NonNullable<Manifest["deadlines"]>): NonNullable<Integration["deadlines"]> {
  const ms = (text: string | undefined) => (text === undefined ? undefined : parseDuration(text));
  const deadlineMs = ms(given.total);
  return {
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    phaseMs: present({
      dns: ms(given.dns),
      connect: ms(given.connect),
      tls: ms(given.tls),
      ttfb: ms(given.firstByte),
      download: ms(given.download),
    }),
  };
}

function withoutAbsent({ sunset, reason }: { sunset?: string | undefined; reason?: string | undefined }) {
  return { ...(sunset === undefined ? {} : { sunset }), ...(reason === undefined ? {} : { reason }) };
}

/** One integration with its defaults. `directory` is absolute. */
export function buildIntegration(
  manifest: Manifest,
  source: Source,
  { directory, manifestFile }: { directory: string; manifestFile: string },
): Integration {
  const built = versions(manifest, directory);
  return {
    name: manifest.name,
    ...(manifest.provider === undefined ? {} : { provider: manifest.provider }),
    purpose: manifest.purpose ?? "",
    owner: manifest.owner ?? "",
    directory,
    manifestFile,
    baseUrl: typeof manifest.baseUrl === "string" ? { "*": manifest.baseUrl } : manifest.baseUrl,
    auth: present(manifest.auth ?? { scheme: "none" }),
    ...(manifest.deadlines ? { deadlines: deadlines(manifest.deadlines) } : {}),
    ...price(manifest.price),
    secrets: secrets(manifest),
    active: manifest.active ?? built[0]?.name ?? "v1",
    ...(manifest.canary
      ? { canary: { version: manifest.canary.version, share: percent(manifest.canary.share) } }
      : {}),
    versions: built,
    endpoints: endpoints(manifest, source),
  };
}
