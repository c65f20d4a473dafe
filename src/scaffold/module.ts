import type { TestRunner } from "./emit/assertions.ts";
import { emitKept } from "./emit/cache.ts";
import { emitBodiesImport, emitMethods } from "./emit/operations.ts";
import { emitRuntimeImport } from "./emit/pages.ts";
import { emitCallTypes } from "./emit/parameters.ts";
import { emitAttempts, emitClientImport, emitJobs, emitQueueTest, jobForTest } from "./emit/queue.ts";
import {
  emitRouter,
  emitRouterImports,
  emitSettings,
  emitTestEnv,
  emitTestTokens,
  emitUnseenSchemas,
  tokensOf,
} from "./emit/settings.ts";
import { emitTestImports, emitTests } from "./emit/tests.ts";
import { emitWebhook, emitWebhookTestSecret } from "./emit/webhook.ts";
import { emitManifest } from "./manifest.ts";
import type { ModuleSpec } from "./spec.ts";
import { type Filling, instantiate } from "./template.ts";
import { BUILT_IN, readTemplate, type TemplateSet } from "./templates.ts";

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
  const methods = emitMethods(spec);
  const tests = emitTests(spec);
  const jobs = emitJobs(spec);
  return {
    holes: {
      bodies: spec.bodies ?? "",
      runtimeImport: emitRuntimeImport(spec),
      bodiesImport: emitBodiesImport(methods),
      testBodies: emitBodiesImport(tests),
      settings: emitSettings(spec),
      kept: spec.cache ? emitKept(spec.displayName) : "",
      calls: emitCallTypes(spec.operations),
      methods,
      schemas: emitUnseenSchemas(spec),
      env: emitTestEnv(spec),
      tokens: emitTestTokens(spec),
      testImports: emitTestImports(spec),
      tests,
      webhook: emitWebhook(spec),
      webhookTestSecret: emitWebhookTestSecret(spec),
      clientImport: [emitBodiesImport(jobs), emitClientImport(spec)].filter((line) => line !== "").join("\n"),
      jobs,
      attempts: emitAttempts(spec),
      queueTest: emitQueueTest(spec),
    },
    tokens: tokensOf(spec),
    version,
    importExtension,
  };
}

/** Where a test's template ends otherwise than its file: `client.node-test.ts` becomes `client.test.ts`. */
const TEST_ENDING: Readonly<Record<TestRunner, string>> = { vitest: "test", node: "node-test" };

/** The files of one version: `v1/client.ts` and its like. */
export function versionFiles(spec: ModuleSpec, templates: TemplateSet = BUILT_IN): ModuleFile[] {
  const { version } = spec;
  const filling = fillingOf(spec);
  const fill = (template: string) => instantiate(templates.read(template), filling, template);
  const file = (name: string): ModuleFile => ({ path: `${version}/${name}.ts`, content: fill(`${name}.ts`) });
  const test = (name: string): ModuleFile => ({
    path: `${version}/${name}.test.ts`,
    content: fill(`${name}.${TEST_ENDING[spec.testRunner]}.ts`),
  });
  return [
    file("client"),
    spec.schemas === undefined ? file("schemas") : { path: `${version}/schemas.ts`, content: spec.schemas },
    ...(spec.bodies === undefined ? [] : [file("bodies")]),
    test("client"),
    ...(spec.webhook ? [file("webhook"), test("webhook")] : []),
    ...(spec.queue ? [file("queue")] : []),
    ...(spec.queue && jobForTest(spec) ? [test("queue")] : []),
    ...templates.further.map((path) => ({ path: `${version}/${path}`, content: fill(path) })),
  ];
}

/** The version router, `index.ts`. Its text speaks of the active version where it needs an example. */
export function routerFile(subject: RouterSubject, router: RouterState): string {
  const { name, importExtension } = subject;
  return instantiate(
    readTemplate("module/index.ts"),
    {
      holes: {
        imports: emitRouterImports(name, router.versions, importExtension),
        router: emitRouter(name, router),
      },
      tokens: tokensOf(subject),
      version: router.active,
      importExtension,
    },
    "index.ts",
  );
}

/**
 * Every file of a new module.
 * @param toRoot from the module's directory to the project's root, `../../../`
 */
export function moduleFiles(spec: ModuleSpec, toRoot: string, templates?: TemplateSet): ModuleFile[] {
  const { version } = spec;
  return [
    { path: "integration.yaml", content: emitManifest(spec, toRoot) },
    { path: "index.ts", content: routerFile(spec, { versions: [version], active: version }) },
    ...versionFiles(spec, templates),
  ];
}
