import * as z from "zod";
import { UsageError } from "../../base/errors.ts";
import { type Answers, PARTS } from "../../scaffold/answers.ts";
import type { Preset } from "../../scaffold/preset.ts";
import type { FoundTemplate } from "../templates/source.ts";
import type { ChosenOperations } from "./api.ts";
import type { Observed } from "./observe.ts";

export interface ScaffoldOptions {
  name: string;
  preset: string | undefined;
  baseUrl: string | undefined;
  from?: string | undefined;
  operations?: string[] | undefined;
  allowRemoteRefs?: boolean | undefined;
  allowOutsideRefs?: boolean | undefined;
  fromHar?: string | undefined;
  fromUrl?: string[] | undefined;
  template?: string | undefined;
  set: string[];
  endpoint: string[];
  auth: string | undefined;
  envVar: string | undefined;
  with: string[];
  testRunner?: string | undefined;
  purpose: string | undefined;
  owner: string | undefined;
  /** A version beside those that are there. */
  version?: string | undefined;
  dryRun: boolean | undefined;
}

/** Projects whose compiler takes `.ts` in imports, as Node's own type stripping needs it; others write `.js`. */
export function importExtension(read: (path: string) => string | undefined): Answers["importExtension"] {
  const compiler = read("tsconfig.json") ?? "";
  const wantsTs = /"(allowImportingTsExtensions|rewriteRelativeImportExtensions)"\s*:\s*true/.test(compiler);
  return wantsTs ? ".ts" : ".js";
}

function parseSettings(texts: readonly string[]): Record<string, string> {
  const entries = texts.map((text): [string, string] => {
    const [, name, value] = /^(\w+)=(.+)$/.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return [name, value];
    throw new UsageError(`--set '${text}': expected NAME=VALUE`, { code: "scaffold/set" });
  });
  return Object.fromEntries(entries);
}

/** What a module is made from besides what was said of it. */
interface Sources {
  preset: Preset | undefined;
  document: ChosenOperations | undefined;
  observed: Observed | undefined;
  found: FoundTemplate | undefined;
}

/** What traffic showed, as the lock keeps it. */
function seenAnswers({ api }: Observed): Answers["seen"] {
  return api.operations.map(
    ({ name, method, path, examples, probeQuery, consumer, sample, acceptsText }) => ({
      name,
      method,
      path,
      examples,
      ...(probeQuery === undefined ? {} : { probeQuery }),
      consumer,
      sample: z.json().parse(sample),
      acceptsText: acceptsText === true,
    }),
  );
}

/** What was said of a document, as the lock keeps it. */
export function documentAnswers({
  from,
  names,
  references,
}: ChosenOperations): Pick<Answers, "from" | "operations" | "references"> {
  return { from, operations: [...names], ...(references.length === 0 ? {} : { references }) };
}

/** Everything that was said of a module, and where it comes from, as the lock keeps it. */
export function answersOf(
  options: ScaffoldOptions,
  { preset, document, observed, found }: Sources,
  extension: ".js" | ".ts",
): Answers {
  const { envVar, purpose, owner } = options;
  const baseUrl = observed?.api.baseUrl ?? options.baseUrl;
  const auth = observed?.auth ?? options.auth;
  return {
    ...(preset === undefined ? {} : { preset: preset.name }),
    ...(document ? documentAnswers(document) : {}),
    ...(observed ? { seen: seenAnswers(observed) } : {}),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(options.set.length === 0 ? {} : { set: parseSettings(options.set) }),
    endpoints: options.endpoint,
    ...(auth === undefined ? {} : { auth }),
    ...(envVar === undefined ? {} : { variable: envVar }),
    ...(purpose === undefined ? {} : { purpose }),
    owner: owner ?? "Engineering",
    ...(found ? { template: found.pin } : {}),
    with: PARTS.filter((part) => options.with.includes(part)),
    ...(options.testRunner === "node" ? { testRunner: "node" as const } : {}),
    importExtension: extension,
  };
}
