import { Document, isMap, isPair, isScalar, visit } from "yaml";
import type { ModuleSpec, OperationSpec, SecretSpec } from "./spec.ts";

/** Where editors find the schema: beside the code that validates, so that the two are of one version. */
const SCHEMA = "node_modules/integ/schema/integration.schema.json";

/** The order in which people read it: who does it, how it is seen to work, then the requests. */
function rotationEntry({ verify, rotation }: SecretSpec) {
  if (verify === undefined && rotation === undefined) return {};
  const { driver = "manual", ...how } = rotation ?? {};
  return { rotation: { driver, ...(verify === undefined ? {} : { verify }), ...how } };
}

function secretEntry(secret: SecretSpec) {
  const { env, rotateEvery, pattern } = secret;
  const empty = pattern === undefined || Object.keys(pattern).length === 0;
  return {
    env,
    ...(rotateEvery === undefined ? {} : { rotateEvery }),
    ...(empty ? {} : { pattern }),
    ...rotationEntry(secret),
  };
}

/** The request that integ itself makes: placeholders filled, with the probe's own query. */
export function probeRequest({ method, path, examples, query, probeQuery }: OperationSpec): string {
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(examples[name] ?? "1"));
  const pairs = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]);
  const own = new URLSearchParams(pairs).toString();
  const all = [own, probeQuery ?? ""].filter((text) => text !== "").join("&");
  return `${method} ${filled}${all === "" ? "" : `?${all}`}`;
}

/** What the manifest says of an operation. */
export function endpointEntry(operation: OperationSpec) {
  const { parameters = [] } = operation;
  const headers = parameters.filter(({ in: place, required }) => place === "header" && required);
  return {
    request: probeRequest(operation),
    ...(headers.length === 0
      ? {}
      : { headers: Object.fromEntries(headers.map(({ name, example }) => [name, String(example)])) }),
    ...(operation.probeBody === undefined ? {} : { body: operation.probeBody, unsafe: true }),
    consumer: operation.consumer,
    ...(operation.budget ? { budget: operation.budget } : {}),
  };
}

/** How wide a map is in braces on one line. */
function flowWidth(value: unknown): number {
  if (typeof value !== "object" || value === null) return String(value).length;
  const parts = Object.entries(value).map(([key, item]) => key.length + 2 + flowWidth(item));
  return 2 + parts.reduce((sum, width) => sum + width + 2, 0);
}

const ON_ONE_LINE = /^(auth|pattern|rotation|create|list|identify|revoke|body|form|with|copy|budget|v\d+)$/;

/** Small maps stand on one line, as people write them, where they fit there. */
function onOneLine(document: Document): void {
  visit(document, {
    Pair(_, { key, value }, path) {
      const name = isScalar(key) ? String(key.value) : "";
      const indent = path.filter(isPair).length * 2;
      const fits = isMap(value) && indent + name.length + 2 + flowWidth(value.toJSON()) <= 78;
      if (fits && ON_ONE_LINE.test(name)) value.flow = true;
    },
  });
}

/**
 * Writes the manifest of a new integration.
 * @param toRoot from the manifest's directory to the project's root, `../../../`
 */
export function emitManifest(spec: ModuleSpec, toRoot: string): string {
  const { secrets } = spec;
  const document = new Document({
    name: spec.name,
    ...(spec.provider === undefined ? {} : { provider: spec.provider }),
    purpose: spec.purpose,
    owner: spec.owner,
    baseUrl: spec.baseUrl,
    auth: spec.auth,
    ...(secrets.length === 0
      ? {}
      : { secrets: Object.fromEntries(secrets.map((secret) => [secret.name, secretEntry(secret)])) }),
    active: spec.version,
    versions: { [spec.version]: Object.keys(spec.headers).length > 0 ? { headers: spec.headers } : {} },
    endpoints: Object.fromEntries(
      spec.operations
        .filter(({ unlisted }) => !unlisted)
        .map((operation) => [operation.name, endpointEntry(operation)]),
    ),
  });
  onOneLine(document);
  const text = document.toString({ lineWidth: 0, defaultKeyType: "PLAIN" });
  return `# yaml-language-server: $schema=${toRoot}${SCHEMA}\n${text}`;
}
