import { open } from "node:fs/promises";
import { relative, resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { ConfigError, IncompleteError, UsageError } from "../../base/errors.ts";
import { type Access, isUrl, type LoadedDocument, loadDocument } from "../../contract/document/load.ts";
import { createHttpClient } from "../../http/client.ts";
import type { Source, Sources } from "../../scaffold/generate.ts";
import { type ModuleLock, pristineOf } from "../../scaffold/lock.ts";
import { observedAgain } from "../../scaffold/observed/again.ts";
import { type ApiSource, operationsOf, readApi } from "../../scaffold/openapi/source.ts";
import { findTemplate } from "../templates/source.ts";

async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await open(path, "r").catch((error: Error) => {
    throw new ConfigError(`Cannot read ${path}: ${error.message}`, {
      code: "files/unreadable",
      cause: error,
    });
  });
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) {
      throw new ConfigError(`${path} has more than ${maxBytes} bytes`, { code: "document/too-large" });
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

async function download(url: string, maxBytes: number, ctx: Context): Promise<Uint8Array> {
  const client = createHttpClient({ env: ctx.env, clock: ctx.clock });
  try {
    const request = { method: "GET", url, headers: { accept: "application/json, application/yaml, */*" } };
    const { response, failure } = await client.exchange(request, {
      limits: { maxBodyBytes: maxBytes },
      signal: ctx.signal,
    });
    if (response && response.status >= 200 && response.status < 300) return response.body;
    const why = failure?.message ?? `the answer was ${response?.status}`;
    throw new IncompleteError(`Cannot read ${url}: ${why}`, {
      code: "document/unreachable",
      hint: failure?.hint,
    });
  } finally {
    await client.close();
  }
}

export function load(source: string, cwd: string, ctx: Context): Promise<LoadedDocument> {
  const access: Access = {
    cwd,
    readFile: readBounded,
    readUrl: (url, maxBytes) => download(url, maxBytes, ctx),
  };
  return loadDocument(source, access);
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
  return { from: kept, names, api: readApi(document, names), document };
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
