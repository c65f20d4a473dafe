import { relative, resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import { neutralize, plural } from "../../base/text.ts";
import { isUrl, type LoadedDocument, loadDocument } from "../../contract/document/load.ts";
import type { Answers } from "../../scaffold/answers.ts";
import type { Source, Sources } from "../../scaffold/generate.ts";
import { type ModuleLock, pristineOf } from "../../scaffold/lock.ts";
import { observedAgain } from "../../scaffold/observed/again.ts";
import type { ApiOperation } from "../../scaffold/openapi/operations.ts";
import { type ApiSource, operationsOf, readApi } from "../../scaffold/openapi/source.ts";
import { createAccess } from "../contracts/access.ts";
import { findTemplate } from "../templates/source.ts";

type References = NonNullable<Answers["references"]>;

/** @param references where references of the document may lead, besides to what lies below it */
export async function load(
  source: string,
  cwd: string,
  ctx: Context,
  references: References = [],
): Promise<LoadedDocument> {
  const access = createAccess({ ...ctx, cwd });
  try {
    return await loadDocument(source, access, {
      allowRemoteRefs: references.includes("remote"),
      allowOutsideRefs: references.includes("outside"),
    });
  } finally {
    await access.close();
  }
}

/** @throws UsageError where the document has none */
function withOperations(document: LoadedDocument): ApiOperation[] {
  const operations = operationsOf(document);
  if (operations.length > 0) return operations;
  throw new UsageError(`${document.name} describes no operation: nothing stands below its \`paths\``, {
    code: "scaffold/operations",
  });
}

async function askForOperations(document: LoadedDocument, ctx: Context): Promise<string[]> {
  const operations = withOperations(document).map(({ method, path }) => `${method} ${path}`);
  const { prompt } = ctx.io;
  if (!prompt) {
    throw new UsageError(
      `${document.name} has ${plural(operations.length, "operation")}; say which to take`,
      {
        code: "scaffold/operations",
        hint: `--operations '${operations[0]}'`,
      },
    );
  }
  return prompt.pick({
    message: "Which operations does your code need? Type to narrow the list",
    choices: operations,
  });
}

/** A document, and what was chosen of it. */
export interface ChosenOperations {
  /** As the lock keeps it: a URL, or a path relative to the root. */
  from: string;
  names: string[];
  references: References;
  api: ApiSource;
  document: LoadedDocument;
}

export interface DocumentOptions {
  from?: string | undefined;
  operations?: string[] | undefined;
  allowRemoteRefs?: boolean | undefined;
  allowOutsideRefs?: boolean | undefined;
}

/** What is wrong with the document in what was chosen of it: nothing of that gets into the module. */
function noteProblems({ name, problems, locator }: LoadedDocument, io: Context["io"]): void {
  const { all } = problems;
  const [first] = all;
  if (!first) return;
  const [at] = locator.locate([first.source]);
  const where = at ? `${first.source.file}:${at.line}` : name;
  const more = all.length > 1 ? ` (and ${plural(all.length - 1, "more problem")})` : "";
  io.note(
    neutralize(`${where}: ${first.message}${more}; what cannot be read may be anything in the schemas`),
  );
}

/** The document that `--from` names and the operations taken from it; asks for these where somebody can answer. */
export async function chooseOperations(
  { from, operations = [], allowRemoteRefs, allowOutsideRefs }: DocumentOptions,
  root: string,
  ctx: Context,
): Promise<ChosenOperations | undefined> {
  if (from === undefined) {
    if (operations.length === 0) return undefined;
    throw new UsageError("--operations needs --from", { code: "usage/missing-option" });
  }
  const references: References = [
    ...(allowRemoteRefs ? (["remote"] as const) : []),
    ...(allowOutsideRefs ? (["outside"] as const) : []),
  ];
  const document = await load(from, ctx.cwd, ctx, references);
  const wanted = operations.filter((text) => text.trim() !== "");
  const names = wanted.length > 0 ? wanted : await askForOperations(document, ctx);
  // Kept relative to the root, so that the lock means the same on every machine.
  const kept = isUrl(from) ? from : relative(root, resolve(ctx.cwd, from)).replaceAll("\\", "/");
  withOperations(document);
  const api = readApi(document, names);
  noteProblems(document, ctx.io);
  return { from: kept, names, references, api, document };
}

/**
 * What versions of a module were made from besides presets: documents, read again, and traffic as the lock keeps it.
 * @param home the module's directory, relative to the root
 * @param read content of a file of the project
 */
export async function sourcesOf(
  lock: ModuleLock,
  { root, home, read }: { root: string; home: string; read: (path: string) => string | undefined },
  ctx: Context,
): Promise<Sources> {
  const sources = new Map<string, Source>();
  for (const [version, answers] of Object.entries(lock.versions)) {
    const { from, operations = [], references, seen, template } = answers;
    const schemas = pristineOf(lock, `${home}/${version}/schemas.ts`, read);
    const api =
      from !== undefined
        ? readApi(await load(from, root, ctx, references), operations)
        : seen !== undefined && schemas !== undefined
          ? observedAgain(answers, schemas)
          : undefined;
    const found = template && (await findTemplate(template.source, { root, cwd: root }, ctx));
    sources.set(version, {
      ...(api ? { api } : {}),
      ...(found ? { own: found.template, pin: found.pin } : {}),
    });
  }
  return sources;
}
