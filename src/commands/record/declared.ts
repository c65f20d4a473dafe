import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import { type Finding, finding } from "../../base/finding.ts";
import { neutralize, plural } from "../../base/text.ts";
import type { Target } from "../../config/project.ts";
import { KIND_NAMES } from "../../contract/document/detect.ts";
import { type Asked, declaredIn, type Undeclared } from "../../contract/document/from-operation.ts";
import { type LoadedDocument, loadDocument } from "../../contract/document/load.ts";
import { subjectOf } from "../../contract/judge.ts";
import { ruleOf } from "../../contract/rules/table.ts";
import { contractFile, formatContract, type StoredContract, writeContract } from "../../contract/store.ts";
import { createAccess } from "../contracts/access.ts";
import type { Recorded } from "./target.ts";

interface Wishes {
  force: boolean | undefined;
  dryRun: boolean | undefined;
  allowRemoteRefs?: boolean | undefined;
  allowOutsideRefs?: boolean | undefined;
  timeout: number | undefined;
}

/**
 * Writes down what an OpenAPI document promises about the endpoints' answers. A contract that says something else is kept
 * unless `force` is given: what was observed is worth more than what is promised.
 */
export async function recordDeclared(
  source: string,
  targets: readonly Target[],
  wishes: Wishes,
  ctx: Context,
): Promise<Recorded[]> {
  const document = await load(source, wishes, ctx);
  const declared = declaredIn(document);
  const recorded: Recorded[] = [];
  for (const target of targets) {
    const found = ask(declared, target);
    recorded.push(
      "lacks" in found
        ? {
            target,
            file: contractFile(target),
            state: "failed",
            samples: 0,
            findings: [missing(target, found, source)],
          }
        : await keep(target, found, wishes, ctx),
    );
  }
  const { length: problems } = document.problems.all;
  if (problems > 0)
    ctx.io.note(
      `${neutralize(source)} has ${plural(problems, "problem")}: integ diff shows them with --verbose`,
    );
  return recorded;
}

async function load(source: string, wishes: Wishes, ctx: Context): Promise<LoadedDocument> {
  const access = createAccess(ctx, wishes);
  try {
    const document = await loadDocument(source, access, {
      allowRemoteRefs: wishes.allowRemoteRefs === true,
      allowOutsideRefs: wishes.allowOutsideRefs === true,
    });
    if (document.kind === "openapi") return document;
    throw new UsageError(`${neutralize(source)} is ${KIND_NAMES[document.kind]}, not an OpenAPI document`, {
      code: "usage/no-openapi",
      hint: "--from takes answers, --from-har a recording",
    });
  } finally {
    await access.close();
  }
}

/** A path is known as the manifest has it, or with the base URL's path before it. */
function ask(
  declared: (asked: Asked) => StoredContract | Undeclared,
  target: Target,
): StoredContract | Undeclared {
  const { method, path, expect } = target.endpoint;
  const [status] = expect.status;
  const about = { method, ...(status === undefined ? {} : { status }) };
  const title = `${target.integration.name} ${target.endpoint.name}`;
  const first = declared({ ...about, path });
  if (!("lacks" in first)) return { ...first, title };
  if (first.lacks === "answer" || !URL.canParse(target.url)) return first;
  const whole = declared({ ...about, path: decodeURI(new URL(target.url).pathname) });
  if ("lacks" in whole) return whole.lacks === "answer" ? whole : first;
  return { ...whole, title, request: `${method} ${path}` };
}

async function keep(
  target: Target,
  contract: StoredContract,
  { force, dryRun }: Wishes,
  ctx: Pick<Context, "signal">,
): Promise<Recorded> {
  const file = contractFile(target);
  const about = { target, file, samples: 0, findings: [] };
  if (existsSync(file)) {
    if ((await readFile(file, "utf8")) === formatContract(contract)) return { ...about, state: "unchanged" };
    if (!force) return { ...about, state: "other-source" };
  }
  ctx.signal.throwIfAborted();
  const state = existsSync(file) ? "replaced" : "recorded";
  if (!dryRun) await writeContract(file, contract);
  return { ...about, state };
}

function missing(target: Target, why: Undeclared, source: string): Finding {
  const request = `${target.endpoint.method} ${target.endpoint.path}`;
  const name = neutralize(source);
  const id = "contract/not-in-document";
  const message =
    why.lacks === "operation"
      ? `${name} has no operation ${request}`
      : `${name} describes no JSON answer of ${why.operation}${statusOf(target, why.statuses)}`;
  const similar = why.lacks === "operation" ? why.similar.map((one) => `\`${neutralize(one)}\``) : [];
  const help = similar.length > 0 ? `did you mean ${similar.join(", ")}?` : ruleOf(id)?.todo;
  return finding({
    rule: id,
    severity: "error",
    message,
    ...subjectOf(target),
    location: target.endpoint.location,
    ...(help === undefined ? {} : { help }),
  });
}

function statusOf({ endpoint }: Target, documented: readonly string[]): string {
  const [status] = endpoint.expect.status;
  const known = documented.length === 0 ? "none are documented" : `documented: ${documented.join(", ")}`;
  return status === undefined ? ` (${known})` : ` with status ${status} (${known})`;
}
