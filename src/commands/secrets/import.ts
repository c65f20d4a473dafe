import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import { compareText } from "../../base/finding.ts";
import type { Result } from "../../base/result.ts";
import { plainStyle } from "../../base/style.ts";
import { neutralize, plural } from "../../base/text.ts";
import { decodeUtf8 } from "../../base/utf8.ts";
import type { Project } from "../../config/project.ts";
import { currentValue, type Envelope } from "../../secrets/envelope.ts";
import { parseDotenv } from "../../secrets/formats/dotenv.ts";
import { parseJsonSecrets } from "../../secrets/formats/json.ts";
import { expire, setCurrent } from "../../secrets/labels.ts";
import { readLedger } from "../../secrets/ledger.ts";
import { allSecrets, type SecretReference } from "../../secrets/reference.ts";
import { audited } from "./audited.ts";
import { type Change, renderChanges } from "./change-table.ts";
import { entered } from "./entered.ts";
import { guardNoRotation, guardValue } from "./guard.ts";
import { confirm, GRACE_MS, workplace } from "./workplace.ts";

export interface ImportOptions {
  file: string;
  env: string | undefined;
  format: string | undefined;
  force: boolean | undefined;
  dryRun: boolean | undefined;
}

async function readText(file: string, ctx: Context): Promise<string> {
  if (file === "-") return ctx.io.readStdin();
  let bytes: Buffer;
  try {
    bytes = await readFile(resolve(ctx.cwd, file));
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UsageError(`Cannot read ${file}: ${why}`, {
      code: "usage/import",
      hint: "give a .env or JSON file",
    });
  }
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  throw new UsageError(`${file} is not UTF-8 text`, {
    code: "usage/import",
    hint: "convert the file to UTF-8; values of other bytes go in as base64",
  });
}

/** Names with their values, as they stand in the file. */
function parse(text: string, options: ImportOptions): [name: string, value: string][] {
  const json = options.format === "json" || (options.format === undefined && /^\s*\{/.test(text));
  if (!json) {
    const entries = parseDotenv(text);
    if (entries.length > 0) return entries.map(({ name, value }) => [name, value]);
    throw new UsageError(`${options.file} cannot be imported: no line of it assigns a value`, {
      code: "usage/import",
      hint: "STRIPE_API_KEY=…, one on each line; or a JSON object",
    });
  }
  const parsed = parseJsonSecrets(text);
  if (parsed.ok) return [...parsed.values];
  throw new UsageError(`${options.file} cannot be imported: ${neutralize(parsed.reason)}`, {
    code: "usage/import",
    hint: '{ "STRIPE_API_KEY": "…" }, or by `integration/secret`',
  });
}

interface Incoming {
  secret: SecretReference;
  value: string;
}

/**
 * Matches names of variables, or `integration/secret`, with what the manifests declare. Of several values for one secret the
 * last counts. Empty values are left out.
 */
function match(values: readonly [name: string, value: string][], project: Project) {
  const byName = new Map(
    allSecrets(project).flatMap((secret) => [
      [secret.policy.env, secret] as const,
      [secret.name, secret] as const,
    ]),
  );
  const given = new Map<string, Incoming>();
  const undeclared = new Set<string>();
  const contradicted = new Set<string>();
  for (const [name, value] of values) {
    const secret = byName.get(name);
    if (!secret) undeclared.add(name);
    else {
      const before = given.get(secret.name);
      if (before && before.value !== value) contradicted.add(secret.name);
      given.set(secret.name, { secret, value });
    }
  }
  const incoming = [...given.values()].filter(({ value }) => value !== "");
  return { incoming, undeclared: [...undeclared], contradicted: [...contradicted] };
}

function changeOf({ secret, value }: Incoming, envelope: Envelope | undefined): Change {
  const before = envelope && currentValue(envelope, secret.name);
  const change = before === undefined ? "added" : before === value ? "unchanged" : "changed";
  return { name: secret.name, change };
}

/** Stores the secrets of a .env or JSON file in one write, after showing what that changes. */
export async function run(options: ImportOptions, ctx: Context): Promise<Result> {
  const { project, environment, session } = await workplace(options.env, ctx);
  const text = await readText(options.file, ctx);
  const { incoming, undeclared, contradicted } = match(parse(text, options), project);
  for (const name of contradicted) {
    ctx.io.note(`warning: ${name} stands there with different values; the last one counts`);
  }
  if (!options.force) for (const { secret, value } of incoming) guardValue(secret, environment, value);
  // A broken ledger must be found before the store is changed, not after.
  await readLedger(project);
  const envelope = (await session.stored(environment))?.envelope;
  const changes = [
    ...incoming.map((one) => changeOf(one, envelope)),
    ...undeclared.map((name): Change => ({ name: neutralize(name), change: "undeclared" })),
  ].sort((a, b) => compareText(a.name, b.name));
  const writes = changes.filter(({ change }) => change === "added" || change === "changed");
  const data = { environment: environment.name, changes, stored: writes.length > 0 && !options.dryRun };
  if (writes.length === 0 || options.dryRun) {
    const end = options.dryRun ? "nothing was stored (dry run)" : "nothing to store";
    return { data, text: ({ style }) => [renderChanges(changes, style), end].filter(Boolean).join("\n") };
  }
  if (!ctx.yes) ctx.io.note(renderChanges(changes, plainStyle));
  await confirm(`${plural(writes.length, "secret")} of ${environment.name} are about to be stored`, ctx);
  await store(incoming, { project, environment, session }, ctx);
  return {
    data,
    text: ({ style }) =>
      `${renderChanges(changes, style)}\nStored ${plural(writes.length, "secret")} in ${environment.name}`,
    next: options.file === "-" ? [] : [`${options.file} still holds the values in clear: delete it`],
  };
}

async function store(
  incoming: readonly Incoming[],
  { project, environment, session }: Awaited<ReturnType<typeof workplace>>,
  ctx: Context,
): Promise<void> {
  const now = ctx.clock.now();
  const at = new Date(now).toISOString();
  let changed: string[] = [];
  await session.update(environment, (before) => {
    changed = [];
    return incoming.reduce(
      (envelope, { secret, value }) => {
        if (currentValue(envelope, secret.name) !== value) guardNoRotation(envelope, secret.name);
        const next = { id: randomUUID(), value, now, source: "import", graceMs: GRACE_MS };
        const after = setCurrent(envelope, secret.name, next);
        if (after !== envelope) changed.push(secret.name);
        return after;
      },
      expire(before, now),
    );
  });
  const entries = changed.map((name) => [
    name,
    (entry?: { createdAt: string }) => ({
      createdAt: entry?.createdAt ?? at,
      ...(entry ? { rotatedAt: at } : {}),
    }),
  ]);
  await entered(project, environment.name, Object.fromEntries(entries), ctx);
  await audited(project, { action: "import", environment: environment.name, secrets: changed }, ctx);
}
