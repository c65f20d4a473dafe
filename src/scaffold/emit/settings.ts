import { secretsOfAuth } from "../../config/auth-secrets.ts";
import { camelCase, pascalCase } from "../names.ts";
import type { ModuleSpec } from "../spec.ts";
import { WIDTH } from "./layout.ts";
import { commentText, emitLiteral, propertyKey, quote } from "./literal.ts";

const property = (indent: string, name: string, value: unknown) =>
  `${indent}${propertyKey(name)}: ${emitLiteral(value, indent)},`;

/** The options that make the client this provider's. */
export function emitSettings(spec: ModuleSpec): string {
  const indent = "      ";
  const secrets = Object.fromEntries(authSecrets(spec).map(({ name, env }) => [name, env]));
  const entries: [string, unknown, boolean][] = [
    ["baseUrl", spec.baseUrl, true],
    ["headers", spec.headers, Object.keys(spec.headers).length > 0],
    ["auth", spec.auth, spec.auth.scheme !== "none"],
    ["secrets", secrets, Object.keys(secrets).length > 0],
    ["idempotencyHeader", spec.idempotencyHeader, spec.idempotencyHeader !== undefined],
    ["encoding", spec.encoding, spec.encoding === "form"],
    ["prices", spec.prices, Object.keys(spec.prices ?? {}).length > 0],
  ];
  return entries
    .filter(([, , present]) => present)
    .map(([name, value]) => property(indent, name, value))
    .join("\n");
}

/** The secrets that requests carry; not those of webhooks. */
function authSecrets({ auth, secrets }: ModuleSpec) {
  return secretsOfAuth(auth).flatMap((used) => secrets.filter(({ name }) => name === used));
}

/** Made-up values for the variables that the client reads. */
export function emitTestEnv(spec: ModuleSpec): string {
  const variables = authSecrets(spec).map(({ env }) => [env, "offline"]);
  return variables.length === 0 ? "" : property("    ", "env", Object.fromEntries(variables));
}

/** A token endpoint for the tests, where the client asks one. */
export function emitTestTokens({ auth }: ModuleSpec): string {
  if (!("tokenUrl" in auth)) return "";
  const address = auth.tokenUrl.startsWith("/") ? `\`\${baseUrl}${auth.tokenUrl}\`` : quote(auth.tokenUrl);
  return [
    "  server.use(",
    `    http.post(${address}, () =>`,
    '      HttpResponse.json({ access_token: "offline" }),',
    "    ),",
    "  );",
  ].join("\n");
}

/** The imports of the router: one client per version. */
export function emitRouterImports(name: string, versions: readonly string[], extension: string): string {
  return versions
    .map((version) => {
      const path = quote(`./${version}/client${extension}`);
      return `import { ${pascalCase(name)}${version.toUpperCase()} } from ${path};`;
    })
    .join("\n");
}

/** What the router chooses from. */
export function emitRouter(
  name: string,
  {
    versions,
    active,
    canary,
  }: { versions: readonly string[]; active: string; canary?: { version: string; percent: number } },
): string {
  return [
    `  active: ${quote(active)},`,
    "  versions: {",
    ...versions.map((version) => `    ${version}: () => new ${pascalCase(name)}${version.toUpperCase()}(),`),
    "  },",
    ...(canary ? [property("  ", "canary", canary)] : []),
  ].join("\n");
}

function typeLine(consumer: string): string {
  const line = `export type ${consumer} = z.infer<typeof ${consumer}>;`;
  return line.length <= WIDTH ? line : `export type ${consumer} = z.infer<\n  typeof ${consumer}\n>;`;
}

/** Consumer schemas before anything was observed. */
export function emitUnseenSchemas(spec: Pick<ModuleSpec, "name" | "operations">): string {
  const shared = [
    "/** A JSON object or list of any content: nothing has been observed yet. */",
    "const Unseen = z.union([z.looseObject({}), z.array(z.unknown())]);",
  ].join("\n");
  const each = spec.operations.map(({ name, method, path, consumer }) =>
    [
      "/**",
      ` * What our code needs of \`${commentText(`${method} ${path}`).replaceAll("`", "'")}\`. After \`integ record ${spec.name}/${name}\``,
      " * replace `Unseen` by `z.looseObject({ … })` with the properties that you read,",
      " * and only those: `integ check` then tells which line a change breaks.",
      " */",
      `export const ${consumer} = Unseen;`,
      typeLine(consumer),
    ].join("\n"),
  );
  return [shared, ...each].join("\n\n");
}

/** What the identifiers of the templates stand for. */
export function tokensOf(spec: Pick<ModuleSpec, "name" | "displayName">): Readonly<Record<string, string>> {
  return {
    __Provider__: pascalCase(spec.name),
    __provider__: camelCase(spec.name),
    __name__: spec.name,
    __Display__: commentText(spec.displayName),
  };
}
