import { Document, isMap, type Scalar, visit, type YAMLMap } from "yaml";
import type { ModuleSpec, OperationSpec, SecretSpec } from "./spec.ts";

/** Where editors find the schema: beside the code that validates, so that the two are of one version. */
const SCHEMA = "node_modules/integ/schema/integration.schema.json";

function secretEntry({ env, rotateEvery, pattern, verify }: SecretSpec) {
  return {
    env,
    ...(rotateEvery === undefined ? {} : { rotateEvery }),
    ...(pattern === undefined || Object.keys(pattern).length === 0 ? {} : { pattern }),
    ...(verify === undefined ? {} : { rotation: { driver: "manual", verify } }),
  };
}

/** The request that integ itself makes: placeholders filled, with the probe's own query. */
function probeRequest({ method, path, examples, query, probeQuery }: OperationSpec): string {
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(examples[name] ?? "1"));
  const pairs = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]);
  const own = new URLSearchParams(pairs).toString();
  const all = [own, probeQuery ?? ""].filter((text) => text !== "").join("&");
  return `${method} ${filled}${all === "" ? "" : `?${all}`}`;
}

function endpointEntry(operation: OperationSpec) {
  return {
    request: probeRequest(operation),
    consumer: operation.consumer,
    ...(operation.budget ? { budget: operation.budget } : {}),
  };
}

/** Short maps stand on one line, as people write them. */
function onOneLine(document: Document): void {
  const FLOW = new Set(["auth", "pattern", "rotation", "budget", "v1"]);
  visit(document, {
    Pair(_, { key, value }) {
      const name = String((key as Scalar | null)?.value ?? key);
      if (isMap(value) && (FLOW.has(name) || /^v\d+$/.test(name))) (value as YAMLMap).flow = true;
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
      spec.operations.map((operation) => [operation.name, endpointEntry(operation)]),
    ),
  });
  onOneLine(document);
  const text = document.toString({ lineWidth: 0, defaultKeyType: "PLAIN" });
  return `# yaml-language-server: $schema=${toRoot}${SCHEMA}\n${text}`;
}
