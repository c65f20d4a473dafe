import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { ConfigError } from "../../base/errors.ts";
import type { Finding } from "../../base/finding.ts";
import type { Result } from "../../base/result.ts";
import { neutralize, plural } from "../../base/text.ts";
import { changelog, suggestBump } from "../../contract/document/changelog.ts";
import { documentOf, isUrl, type LoadedDocument, loadDocument } from "../../contract/document/load.ts";
import { renderFindings } from "../../report/terminal.ts";
import { createAccess } from "../contracts/access.ts";
import { type Compared, compareLoaded, type Side } from "./compare.ts";

export interface DocumentOptions {
  direction: string | undefined;
  allowRemoteRefs: boolean | undefined;
  allowOutsideRefs?: boolean | undefined;
  format: string | undefined;
  timeout: number | undefined;
}

const DOCUMENT = /\.(?:json|ya?ml|ndjson|jsonl|har)$/i;

/** Whether two arguments of `integ diff` are documents rather than targets of the project. */
export async function areDocuments(args: readonly string[], ctx: Pick<Context, "cwd">): Promise<boolean> {
  const [old, next] = args;
  if (args.length !== 2 || old === undefined || next === undefined) return false;
  return (await isDocument(old, ctx)) || (await isDocument(next, ctx));
}

/** The first argument that can only be meant as a document, though there are not two of them. */
export const firstDocument = (args: readonly string[]): string | undefined =>
  args.find((arg) => isUrl(arg) || DOCUMENT.test(arg));

async function isDocument(arg: string, { cwd }: Pick<Context, "cwd">): Promise<boolean> {
  if (isUrl(arg) || DOCUMENT.test(arg)) return true;
  const found = await stat(resolve(cwd, arg)).catch(() => undefined);
  return found?.isFile() === true;
}

/**
 * `integ diff OLD NEW`: two OpenAPI documents, JSON Schemas, files of samples or HAR recordings.
 * @param sources text is a path or a URL, anything else a document that is already parsed
 */
export async function diffDocuments(
  [old, next]: readonly [unknown, unknown],
  options: DocumentOptions,
  ctx: Context,
): Promise<Result> {
  const access = createAccess(ctx, options);
  const loading = {
    allowRemoteRefs: options.allowRemoteRefs === true,
    allowOutsideRefs: options.allowOutsideRefs === true,
  };
  try {
    const open = (source: unknown, name: string) =>
      typeof source === "string" ? loadDocument(source, access, loading) : documentOf(source, name);
    const before = await open(old, "old");
    const after = await open(next, "new");
    const compared = compareLoaded(before, after, {
      direction: sideOf(options.direction),
      today: new Date(ctx.clock.now()).toISOString().slice(0, 10),
      pause: () => refuseWithoutRoom(access.room()),
    });
    return resultOf({ before, after, compared }, options, ctx);
  } finally {
    await access.close();
  }
}

/** What is left when V8 begins to spend its time on looking for more; it ends the process without a word of ours. */
const LEAST_ROOM = 150 * 1024 * 1024;

/** @throws ConfigError where going on would take more memory than there is */
function refuseWithoutRoom(left: number): void {
  if (left > LEAST_ROOM) return;
  throw new ConfigError(
    "What differs between the two documents takes more memory than Node.js allows itself",
    {
      code: "document/too-large-for-memory",
      hint: "Allow more, as far as the machine has it: NODE_OPTIONS=--max-old-space-size=8192 integ …; or compare parts of them",
    },
  );
}

function sideOf(direction: string | undefined): Side | undefined {
  return direction === "response" || direction === "request" || direction === "both" ? direction : undefined;
}

interface Done {
  before: LoadedDocument;
  after: LoadedDocument;
  compared: Compared;
}

function resultOf({ before, after, compared }: Done, { format }: DocumentOptions, ctx: Context): Result {
  const { findings, title, data } = compared;
  const bump = suggestBump(findings);
  const problems = [...problemsOf(before), ...problemsOf(after)];
  const lines = problems.map(
    ({ message, location }) => `${location.file}:${location.line}:${location.column} ${message}`,
  );
  for (const line of lines.slice(SHOWN_PROBLEMS)) ctx.io.debug(line);
  return {
    findings,
    data: {
      documents: { before: describe(before), after: describe(after) },
      suggestedBump: bump,
      ...data,
      problems,
    },
    text: ({ style, columns }) => {
      if (format === "markdown") return changelog(findings, { title, bump });
      const head = style.dim(`${neutralize(title)}: ${compared.summary}`);
      const foot = style.dim(`Suggested version bump: ${bump}`);
      return `${head}\n\n${renderFindings(findings, { style, columns, sources: new Map() })}\n${foot}`;
    },
    next: [...(compared.hint === undefined ? [] : [compared.hint]), ...nextSteps(findings, lines)],
  };
}

const describe = ({ name, kind }: LoadedDocument) => ({ name: neutralize(name), kind });

/** So many problems of documents are shown unasked: real documents have hundreds of one kind. */
const SHOWN_PROBLEMS = 3;

function nextSteps(findings: readonly Finding[], problems: readonly string[]): string[] {
  const more = problems.length - SHOWN_PROBLEMS;
  return [
    ...problems.slice(0, SHOWN_PROBLEMS),
    ...(more > 0 ? [`${plural(more, "more problem")} in the documents: see --verbose or --json`] : []),
    ...(findings.length > 0
      ? ["next: integ rules RULE explains a rule; --format markdown writes a changelog"]
      : []),
  ];
}

/** What is wrong with a document, with lines. */
function problemsOf({ problems, locator, name }: LoadedDocument) {
  const found = problems.all;
  const positions = locator.locate(found.map(({ source }) => source));
  return found.map(({ code, message, source }, index) => ({
    code,
    message: neutralize(message),
    location: {
      file: neutralize(source.file === "" ? name : source.file),
      line: positions[index]?.line ?? 1,
      column: positions[index]?.column ?? 1,
    },
  }));
}
