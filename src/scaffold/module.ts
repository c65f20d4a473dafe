import type { TestRunner } from "./emit/assertions.ts";
import { emitMethods } from "./emit/operations.ts";
import {
  emitRouter,
  emitRouterImports,
  emitSettings,
  emitTestEnv,
  emitUnseenSchemas,
  tokensOf,
} from "./emit/settings.ts";
import { emitTestImports, emitTests } from "./emit/tests.ts";
import { emitWebhookScheme, emitWebhookSecret } from "./emit/webhook.ts";
import { emitManifest } from "./manifest.ts";
import type { ModuleSpec } from "./spec.ts";
import { type Filling, instantiate } from "./template.ts";
import { readTemplate } from "./templates.ts";

/** A file that a module consists of; its path is relative to the module's directory, with forward slashes. */
export interface ModuleFile {
  path: string;
  content: string;
}

/** Which versions a router chooses from, and how. */
export interface RouterState {
  versions: readonly string[];
  active: string;
  /** Percent, 0 to 100. */
  canary?: { version: string; percent: number };
}

/** What the router says of its module. */
export type RouterSubject = Pick<ModuleSpec, "name" | "displayName" | "importExtension">;

function fillingOf(spec: ModuleSpec): Filling {
  const { version, importExtension } = spec;
  return {
    holes: {
      settings: emitSettings(spec),
      methods: emitMethods(spec.operations),
      schemas: emitUnseenSchemas(spec),
      env: emitTestEnv(spec),
      testImports: emitTestImports(spec),
      tests: emitTests(spec),
      webhook: emitWebhookScheme(spec.webhook?.scheme ?? "hmac", tokensOf(spec).__Display__ ?? ""),
      webhookSecret: emitWebhookSecret(spec.webhook?.env ?? ""),
    },
    tokens: tokensOf(spec),
    version,
    importExtension,
  };
}

const TEST_TEMPLATE: Readonly<Record<TestRunner, string>> = {
  vitest: "client.test.ts",
  node: "client.node-test.ts",
};

/** The files of one version: `v1/client.ts` and its like. */
export function versionFiles(spec: ModuleSpec): ModuleFile[] {
  const { version } = spec;
  const filling = fillingOf(spec);
  const fill = (template: string) => instantiate(readTemplate(`module/v1/${template}`), filling);
  return [
    { path: `${version}/client.ts`, content: fill("client.ts") },
    { path: `${version}/schemas.ts`, content: spec.schemas ?? fill("schemas.ts") },
    { path: `${version}/client.test.ts`, content: fill(TEST_TEMPLATE[spec.testRunner]) },
    ...(spec.webhook ? [{ path: `${version}/webhook.ts`, content: fill("webhook.ts") }] : []),
  ];
}

/** The version router, `index.ts`. Its text speaks of the active version where it needs an example. */
export function routerFile(subject: RouterSubject, router: RouterState): string {
  const { name, importExtension } = subject;
  return instantiate(readTemplate("module/index.ts"), {
    holes: {
      imports: emitRouterImports(name, router.versions, importExtension),
      router: emitRouter(name, router),
    },
    tokens: tokensOf(subject),
    version: router.active,
    importExtension,
  });
}

/**
 * Every file of a new module.
 * @param toRoot from the module's directory to the project's root, `../../../`
 */
export function moduleFiles(spec: ModuleSpec, toRoot: string): ModuleFile[] {
  const { version } = spec;
  return [
    { path: "integration.yaml", content: emitManifest(spec, toRoot) },
    { path: "index.ts", content: routerFile(spec, { versions: [version], active: version }) },
    ...versionFiles(spec),
  ];
}
