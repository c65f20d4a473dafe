import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import { systemReason } from "../../base/file-failure.ts";
import { writeFileAtomic } from "../../base/files.ts";
import { compareText } from "../../base/finding.ts";
import type { Result } from "../../base/result.ts";
import { plainStyle } from "../../base/style.ts";
import { neutralize, plural } from "../../base/text.ts";
import { parseDotenv, updateDotenv } from "../../secrets/formats/dotenv.ts";
import { parseJsonSecrets, updateJsonSecrets } from "../../secrets/formats/json.ts";
import { allSecrets } from "../../secrets/reference.ts";
import { resolveSecrets } from "../../secrets/resolve.ts";
import { audited } from "./audited.ts";
import { type Change, renderChanges } from "./change-table.ts";
import { confirm, confirmProtected, type Workplace, workplace } from "./workplace.ts";

export interface ExportOptions {
  env: string | undefined;
  format: string;
  output: string | undefined;
  reveal: boolean | undefined;
  dryRun: boolean | undefined;
}

/** Values by the name of their variable, sorted. */
async function valuesOf({ project, environment, session }: Workplace): Promise<Map<string, string>> {
  const pairs: [string, string][] = [];
  for (const integration of project.integrations) {
    const { values } = await resolveSecrets(integration, environment, session);
    for (const { name, env } of integration.secrets) {
      const value = values.get(name);
      if (value !== undefined) pairs.push([env, value]);
    }
  }
  return new Map(pairs.sort(([a], [b]) => compareText(a, b)));
}

function parse(text: string, format: string, file: string): Map<string, string> {
  if (format === "dotenv") return new Map(parseDotenv(text).map(({ name, value }) => [name, value]));
  const parsed = parseJsonSecrets(text === "" ? "{}" : text);
  if (parsed.ok) return parsed.values;
  throw new UsageError(`${file} cannot be updated: ${neutralize(parsed.reason)}`, {
    code: "usage/export",
    hint: "name another file",
  });
}

function render(before: string, values: ReadonlyMap<string, string>, format: string, file: string): string {
  return format === "dotenv"
    ? updateDotenv(before, values)
    : updateJsonSecrets(parse(before, format, file), values);
}

function changesOf(before: ReadonlyMap<string, string>, values: ReadonlyMap<string, string>): Change[] {
  return [...values].map(([name, value]) => {
    const old = before.get(name);
    return { name, change: old === undefined ? "added" : old === value ? "unchanged" : "changed" };
  });
}

async function readExisting(file: string, shown: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw new UsageError(`Cannot write ${shown}: ${systemReason(error)}`, {
      code: "usage/export",
      hint: "name a file that you may read and write",
      cause: error,
    });
  }
}

async function audit(
  { project, environment }: Workplace,
  values: ReadonlyMap<string, string>,
  ctx: Context,
): Promise<void> {
  const secrets = allSecrets(project)
    .filter(({ policy }) => values.has(policy.env))
    .map(({ name }) => name);
  await audited(project, { action: "export", environment: environment.name, secrets }, ctx);
}

/** Writes an environment's secrets as .env or JSON: to another program, or into a file, whose other lines stay. */
export async function run(options: ExportOptions, ctx: Context): Promise<Result> {
  const place = await workplace(options.env, ctx);
  const { environment } = place;
  if (options.output === undefined && ctx.io.stdout.isTTY && !options.reveal) {
    throw new UsageError(`The secrets of ${environment.name} would be shown on the screen`, {
      code: "usage/reveal",
      hint: "name a file with --output, pipe it into a program, or pass --reveal",
    });
  }
  await confirmProtected(environment, "Its secrets are about to be written in clear", ctx);
  const values = await valuesOf(place);
  if (options.output === undefined) {
    const text = render("", values, options.format, "");
    await audit(place, values, ctx);
    return { text: () => text.replace(/\n$/, "") };
  }
  const file = resolve(ctx.cwd, options.output);
  const before = await readExisting(file, options.output);
  const changes = changesOf(parse(before, options.format, options.output), values);
  const writes = changes.filter(({ change }) => change !== "unchanged").length;
  const data = { environment: environment.name, file: options.output, changes };
  if (options.dryRun) return { data, text: ({ style }) => renderChanges(changes, style) };
  if (before !== "" && writes > 0) {
    if (!ctx.yes) ctx.io.note(renderChanges(changes, plainStyle));
    await confirm(`${options.output} exists, and ${plural(writes, "line")} of it are about to change`, ctx);
  }
  await audit(place, values, ctx);
  await writeFileAtomic(file, render(before, values, options.format, options.output), 0o600);
  return {
    data,
    text: ({ style }) => `${renderChanges(changes, style)}\nWrote ${options.output}, readable by you alone`,
    next: [`${options.output} holds secrets in clear: keep it out of git, and delete it when it has served`],
  };
}
