import type { Context } from "../../../base/context.ts";
import { UsageError } from "../../../base/errors.ts";
import { EXIT } from "../../../base/exit.ts";
import type { Result } from "../../../base/result.ts";
import { listOf, plural } from "../../../base/text.ts";
import type { Environment, Project } from "../../../config/project.ts";
import { rememberedProject } from "../../../config/remembered.ts";
import { resolveEnvironment } from "../../../config/targets.ts";
import { createHttpClient } from "../../../http/client.ts";
import type { HttpClient } from "../../../http/exchange.ts";
import { currentValue, type Envelope, versionOf } from "../../../secrets/envelope.ts";
import { readLedger } from "../../../secrets/ledger.ts";
import { DUE_WITHIN_MS } from "../../../secrets/policy.ts";
import { allSecrets, findSecrets } from "../../../secrets/reference.ts";
import { SecretSession } from "../../../secrets/resolve.ts";
import { abort, resume, rotate } from "../../../secrets/rotation/engine.ts";
import { journalOf } from "../../../secrets/rotation/journal.ts";
import { type PlanOptions, planRotation, type RotationItem } from "../../../secrets/rotation/plan.ts";
import type { RotationEvent } from "../../../secrets/rotation/world.ts";
import { readOnlyStore } from "../../../secrets/stores/env.ts";
import { whileNobodyRotates } from "../nobody-rotates.ts";
import { openPushes } from "../pushing.ts";
import { confirm, type Workplace } from "../workplace.ts";
import { describe, failed, type Outcome, settle, succeeded } from "./outcome.ts";
import { createWorld } from "./world.ts";

export interface RotateOptions {
  secrets: string[];
  env: string | undefined;
  allEnvironments: boolean | undefined;
  dueWithin: number | undefined;
  grace: number | undefined;
  endGrace: boolean | undefined;
  resume: boolean | undefined;
  abort: boolean | undefined;
  unverified: boolean | undefined;
  acceptDowntime: boolean | undefined;
  fromFile: string | undefined;
  fromEnv: string | undefined;
  dryRun: boolean | undefined;
}

/** How long the old value stays valid where neither the command line nor the manifest says: 24 hours. */
const DEFAULT_GRACE_MS = 24 * 3_600_000;

/** `pushes`: targets that do not have the value in use yet. */
type Planned = RotationItem & { place: Workplace; pushes: readonly string[] };

/** A push that is open is done now: the old key, which somebody may still read there, waits for it in vain else. */
function withPushes(item: RotationItem, pushes: readonly string[]): RotationItem {
  if (item.action.do !== "wait" || pushes.length === 0) return item;
  return { ...item, action: { do: "resume", step: "grace" } };
}

/** The value that the provider will end, if the rotation goes its way. */
function doomedValue(item: Planned, envelope: Envelope | undefined): string | undefined {
  if (envelope === undefined || item.action.do === "wait") return undefined;
  const { name } = item.secret;
  if (item.action.do === "rotate") return versionOf(envelope, name, "current")?.value;
  return item.action.step === "grace" ? versionOf(envelope, name, "previous")?.value : undefined;
}

/** A key that another environment uses too would die there. Seen where all of them are looked at. */
function sparingShared(
  items: readonly Planned[],
  envelopes: ReadonlyMap<string, Envelope | undefined>,
): Planned[] {
  return items.map((item) => {
    const { secret, environment } = item;
    const value = doomedValue(item, envelopes.get(environment.name));
    const others = [...envelopes].flatMap(([other, envelope]) =>
      other !== environment.name && envelope && currentValue(envelope, secret.name) === value ? [other] : [],
    );
    if (item.blocked || value === undefined || others.length === 0) return item;
    const blocked = {
      why: `${listOf(others, "and")} ${others.length === 1 ? "uses" : "use"} the same value, which would die there too`,
      hint: `give each environment a key of its own: integ secrets set ${secret.name} --env ${others[0]}`,
    };
    return { ...item, blocked };
  });
}

function checkFlags(options: RotateOptions): void {
  const fail = (message: string, hint: string) => new UsageError(message, { code: "usage/rotate", hint });
  if (options.resume && options.abort)
    throw fail("--resume and --abort exclude each other", "give one of them");
  if (options.allEnvironments && options.env !== undefined) {
    throw fail("--env and --all-environments exclude each other", "give one of them");
  }
  if ((options.fromFile ?? options.fromEnv) !== undefined && options.secrets.length !== 1) {
    throw fail("--from-file and --from-env are for exactly one secret", "name it: stripe/api_key");
  }
}

function environmentsOf(project: Project, options: RotateOptions): readonly Environment[] {
  return options.allEnvironments ? project.config.environments : [resolveEnvironment(project, options.env)];
}

async function plan(project: Project, options: RotateOptions, ctx: Context): Promise<Planned[]> {
  const session = new SecretSession(project, ctx);
  const named = options.secrets.length > 0;
  const secrets = named ? options.secrets.flatMap((text) => findSecrets(project, text)) : allSecrets(project);
  const planOptions: PlanOptions = {
    now: ctx.clock.now(),
    named,
    dueWithinMs: options.dueWithin ?? DUE_WITHIN_MS,
    endGrace: options.endGrace === true || options.abort === true || options.grace === 0,
    unverified: options.unverified === true || options.abort === true,
    acceptDowntime: options.acceptDowntime === true,
    onlyOpen: options.resume === true || options.abort === true,
    env: ctx.env,
  };
  const items: Planned[] = [];
  const envelopes = new Map<string, Envelope | undefined>();
  for (const environment of environmentsOf(project, options)) {
    const place = { project, environment, session };
    if (environment.store === "env") {
      if (options.allEnvironments) continue;
      throw readOnlyStore(environment.name);
    }
    const envelope = (await session.stored(environment))?.envelope;
    envelopes.set(environment.name, envelope);
    if (!envelope && !named) continue;
    const known = envelope ?? {
      v: 1 as const,
      rev: 0,
      project: "",
      environment: "",
      fingerprintKey: "",
      secrets: {},
    };
    const open = await openPushes(project, environment, envelope, allSecrets(project), ctx);
    for (const item of planRotation(secrets, environment, known, planOptions)) {
      const pushes = journalOf(known, item.secret.name) ? (open.get(item.secret.name) ?? []) : [];
      items.push({ ...withPushes(item, pushes), place, pushes });
    }
  }
  return options.abort ? items : sparingShared(items, envelopes);
}

const REASON = { named: "asked for by name", due: "due", overdue: "overdue" } as const;

function planLine({ secret, environment, action, blocked, pushes }: Planned): string {
  const name = `${secret.name} (${environment.name}, ${secret.policy.rotation.driver})`;
  const open = pushes.length > 0 ? `; not pushed to ${pushes.join(", ")} yet` : "";
  if (blocked) return `  ${name}: cannot be rotated: ${blocked.why}`;
  if (action.do === "wait") return `  ${name}: in its grace until ${new Date(action.until).toISOString()}`;
  return action.do === "resume"
    ? `  ${name}: goes on from \`${action.step}\`${open}`
    : `  ${name}: ${REASON[action.because]}`;
}

function blockedOutcome({ secret, environment, blocked }: RotationItem): Outcome {
  return {
    secret: secret.name,
    environment: environment.name,
    result: "blocked",
    error: { code: "secret/rotation-blocked", message: blocked?.why ?? "", hint: blocked?.hint ?? "" },
    exitCode: EXIT.secret,
  };
}

async function work(
  item: Planned,
  client: HttpClient,
  options: RotateOptions,
  ctx: Context,
): Promise<Outcome> {
  const { secret, environment, place } = item;
  const events: RotationEvent[] = [];
  const report = (event: RotationEvent) => {
    events.push(event);
    ctx.io.debug(`${secret.name} (${environment.name}): ${event.event}`);
  };
  const worldOptions = {
    unverified: options.unverified === true,
    fromFile: options.fromFile,
    fromEnv: options.fromEnv,
  };
  try {
    const world = await createWorld(secret, place, client, worldOptions, report, ctx);
    const graceMs = options.grace ?? secret.policy.rotation.graceMs ?? DEFAULT_GRACE_MS;
    const end = options.abort
      ? await abort(world)
      : item.action.do === "resume"
        ? await resume(world, { endGrace: options.endGrace === true || options.grace === 0 })
        : await rotate(world, { graceMs });
    return succeeded(item, end, events, { abort: options.abort === true });
  } catch (error) {
    return failed(item, error, events);
  } finally {
    await settle(item, place, events, ctx);
  }
}

async function workAll(items: readonly Planned[], options: RotateOptions, ctx: Context): Promise<Outcome[]> {
  const client = createHttpClient({ env: ctx.env, clock: ctx.clock });
  const outcomes: Outcome[] = [];
  try {
    for (const item of items) {
      outcomes.push(await whileNobodyRotates(item.place, () => work(item, client, options, ctx), ctx));
    }
  } finally {
    await client.close();
  }
  return outcomes;
}

/** Rotates what is due, or what is named: shows the plan, asks, and takes each secret as far as it goes. */
export async function run(options: RotateOptions, ctx: Context): Promise<Result> {
  checkFlags(options);
  const project = await rememberedProject(ctx);
  // A broken ledger must be found before a provider or a store is changed, not after.
  await readLedger(project);
  const items = await plan(project, options, ctx);
  const waiting = items.filter(({ action }) => action.do === "wait");
  const blocked = items.filter((item) => item.blocked);
  const todo = items.filter((item) => !item.blocked && item.action.do !== "wait");
  const lines = items.map(planLine);
  if (options.dryRun) {
    const data = {
      plan: items.map(({ secret, environment, action, blocked, pushes }) => ({
        secret: secret.name,
        environment: environment.name,
        ...action,
        ...(pushes.length > 0 ? { openPushes: pushes } : {}),
        ...(blocked ? { blocked: blocked.why } : {}),
      })),
    };
    return {
      data,
      text: () => (lines.length === 0 ? "Nothing is due" : ["Would rotate:", ...lines].join("\n")),
    };
  }
  if (todo.length > 0) {
    if (!ctx.yes) ctx.io.note(lines.join("\n"));
    const verb = options.abort ? "undone" : "rotated";
    await confirm(
      `${plural(todo.length, "secret")} ${todo.length === 1 ? "is" : "are"} about to be ${verb}`,
      ctx,
    );
  }
  const done = await workAll(todo, options, ctx);
  const outcomes: Outcome[] = [
    ...done,
    ...blocked.map(blockedOutcome),
    ...waiting.map(
      ({ secret, environment, action }): Outcome => ({
        secret: secret.name,
        environment: environment.name,
        result: "waiting",
        ...(action.do === "wait" ? { graceUntil: new Date(action.until).toISOString() } : {}),
        exitCode: EXIT.ok,
      }),
    ),
  ];
  const now = ctx.clock.now();
  return {
    data: { rotations: outcomes.map(({ exitCode: _, ...outcome }) => outcome) },
    text: ({ style }) =>
      outcomes.length === 0
        ? nothing(options)
        : outcomes.map((outcome) => describe(outcome, now, style)).join("\n"),
    exitCode: Math.max(EXIT.ok, ...outcomes.map(({ exitCode }) => exitCode)),
    next: outcomes.some(({ result }) => result === "in-grace")
      ? [
          "when the grace is over, `integ secrets rotate` revokes the old key; until then --abort brings it back",
        ]
      : [],
  };
}

function nothing({ resume: resuming, abort: aborting }: RotateOptions): string {
  return resuming || aborting ? "No rotation is under way" : "Nothing is due";
}
