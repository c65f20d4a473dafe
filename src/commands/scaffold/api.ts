import { relative, resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import { neutralize, plural } from "../../base/text.ts";
import { isUrl, type LoadedDocument, loadDocument } from "../../contract/document/load.ts";
import type { Source, Sources } from "../../scaffold/generate.ts";
import { type ModuleLock, pristineOf } from "../../scaffold/lock.ts";
import { observedAgain } from "../../scaffold/observed/again.ts";
import { type ApiSource, operationsOf, readApi } from "../../scaffold/openapi/source.ts";
import { createAccess } from "../contracts/access.ts";
import { findTemplate } from "../templates/source.ts";

export async function load(source: string, cwd: string, ctx: Context): Promise<LoadedDocument> {
  const access = createAccess({ ...ctx, cwd });
  try {
    return await loadDocument(source, access);
  } finally {
    await access.close();
  }
}

async function askForOperations(document: LoadedDocument, ctx: Context): Promise<string[]> {
  const operations = operationsOf(document).map(({ method, path }) => `${method} ${path}`);
  const { prompt } = ctx.io;
  if (!prompt || operations.length === 0) {
    throw new UsageError(`${document.name} has ${operations.length} operations; say which to take`, {
      code: "scaffold/operations",
      hint: `--operations '${operations[0] ?? "GET /things"}'`,
    });
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
  api: ApiSource;
  document: LoadedDocument;
}

/** The document that `--from` names and the operations taken from it; asks for these where somebody can answer. */
export async function chooseOperations(
  { from, operations = [] }: { from?: string | undefined; operations?: string[] | undefined },
  root: string,
  ctx: Context,
): Promise<ChosenOperations | undefined> {
  if (from === undefined) {
    if (operations.length === 0) return undefined;
    throw new UsageError("--operations needs --from", { code: "usage/missing-option" });
  }
  const document = await load(from, ctx.cwd, ctx);
  const names = operations.length > 0 ? operations : await askForOperations(document, ctx);
  // Kept relative to the root, so that the lock means the same on every machine.
  const kept = isUrl(from) ? from : relative(root, resolve(ctx.cwd, from)).replaceAll("\\", "/");
  const api = readApi(document, names);
  const { length: problems } = document.problems.all;
  if (problems > 0) {
    const how = `integ diff ${kept} ${kept} --verbose`;
    ctx.io.note(
      `${neutralize(from)} has ${plural(problems, "problem")} in what these operations need: ${how} shows them`,
    );
  }
  return { from: kept, names, api, document };
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
    const { from, operations = [], seen, template } = answers;
    const schemas = pristineOf(lock, `${home}/${version}/schemas.ts`, read);
    const api =
      from !== undefined
        ? readApi(await load(from, root, ctx), operations)
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
