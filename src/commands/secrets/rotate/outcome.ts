import type { Context } from "../../../base/context.ts";
import { formatDuration } from "../../../base/duration.ts";
import { IntegError } from "../../../base/errors.ts";
import { EXIT, type ExitCode } from "../../../base/exit.ts";
import type { Style } from "../../../base/result.ts";
import { neutralize } from "../../../base/text.ts";
import { partnersOf } from "../../../config/rotation.ts";
import { SEEN_DEAD } from "../../../secrets/audit/rotations.ts";
import { versionOf } from "../../../secrets/envelope.ts";
import { fullName } from "../../../secrets/resolve.ts";
import type { RotationState } from "../../../secrets/rotation/engine.ts";
import { journalOf } from "../../../secrets/rotation/journal.ts";
import type { RotationItem } from "../../../secrets/rotation/plan.ts";
import type { RotationEvent } from "../../../secrets/rotation/world.ts";
import { audited } from "../audited.ts";
import { entered } from "../entered.ts";
import type { Workplace } from "../workplace.ts";

/** What became of one item of the plan. */
export interface Outcome {
  secret: string;
  environment: string;
  result: "rotated" | "in-grace" | "aborted" | "waiting" | "blocked" | "failed";
  /** When the old key may be revoked; ISO 8601. */
  graceUntil?: string;
  orphansRevoked?: number;
  /** A new key, by its id or name, that lives at the provider and must be revoked there by hand. */
  leftBehind?: string;
  /** The name of a key that may have been made there by an attempt that failed: nobody could ask. */
  perhapsLeftBehind?: string;
  /** The old value was seen to be refused. */
  observedDead?: boolean;
  /** The provider put the new value in the old one's place. */
  inPlace?: boolean;
  error?: { code: string; message: string; hint?: string };
  exitCode: ExitCode;
}

function leftBehind(events: readonly RotationEvent[]): Pick<Outcome, "leftBehind" | "perhapsLeftBehind"> {
  const found = events.find((event) => event.event === "left-behind");
  const perhaps = events.find((event) => event.event === "perhaps-left-behind");
  return {
    ...(found?.event === "left-behind" ? { leftBehind: found.key } : {}),
    ...(perhaps?.event === "perhaps-left-behind" ? { perhapsLeftBehind: perhaps.key } : {}),
  };
}

export function succeeded(
  item: RotationItem,
  end: RotationState,
  events: readonly RotationEvent[],
  wanted: { abort: boolean },
): Outcome {
  // An abort that failed at first is ended by whatever command comes next.
  const aborted = wanted.abort || (end.state === "idle" && end.undone === true);
  const orphans = events.filter(({ event }) => event === "orphan-revoked").length;
  const revoked = events.find((event) => event.event === "revoked");
  return {
    secret: item.secret.name,
    environment: item.environment.name,
    result: aborted ? "aborted" : end.state === "grace" ? "in-grace" : "rotated",
    ...(end.state === "grace" ? { graceUntil: new Date(end.until).toISOString() } : {}),
    ...(orphans > 0 ? { orphansRevoked: orphans } : {}),
    ...leftBehind(events),
    ...(revoked?.event === "revoked" && !aborted ? { observedDead: revoked.observedDead } : {}),
    ...(events.some(({ event }) => event === "replaced") ? { inPlace: true } : {}),
    exitCode: EXIT.ok,
  };
}

/** A failure of one secret does not keep the others from being rotated. Bugs of ours are thrown on. */
export function failed(item: RotationItem, error: unknown, events: readonly RotationEvent[]): Outcome {
  if (!(error instanceof IntegError) || error.exitCode === EXIT.interrupted) throw error;
  const { code, message, hint, exitCode } = error;
  return {
    secret: item.secret.name,
    environment: item.environment.name,
    result: "failed",
    error: { code, message, ...(hint === undefined ? {} : { hint }) },
    ...leftBehind(events),
    exitCode,
  };
}

/** Brings ledger and audit log up to what the store says now: also after a run that died before it could. */
export async function settle(
  item: RotationItem,
  { project, environment, session }: Workplace,
  events: readonly RotationEvent[],
  ctx: Context,
): Promise<void> {
  const { name, integration, policy } = item.secret;
  const envelope = (await (await session.store(environment)).read())?.envelope;
  const current = envelope && versionOf(envelope, name, "current");
  if (current?.source === "rotate") {
    const tested = events.some(({ event }) => event === "tested");
    const verifiedAt =
      (envelope && journalOf(envelope, name)?.verifiedAt) ??
      (tested ? new Date(ctx.clock.now()).toISOString() : undefined);
    const change = (entry: { createdAt: string } | undefined) => ({
      ...entry,
      createdAt: entry?.createdAt ?? current.createdAt,
      rotatedAt: current.createdAt,
      ...(verifiedAt === undefined ? {} : { verifiedAt }),
    });
    const partners = partnersOf(policy.rotation).map((partner) => fullName(integration, partner));
    const changes = Object.fromEntries([name, ...partners].map((one) => [one, change]));
    await entered(project, environment.name, changes, ctx);
  }
  for (const one of events) {
    const detail = one.event === "revoked" && one.observedDead ? SEEN_DEAD : one.event;
    await audited(project, { action: "rotate", environment: environment.name, secrets: [name], detail }, ctx);
  }
}

/** A few lines about an outcome. */
export function describe(outcome: Outcome, now: number, style: Style): string {
  const line = sentenceOf(outcome, now, style);
  const { leftBehind: key, perhapsLeftBehind: perhaps } = outcome;
  const notes = [
    ...(key === undefined ? [] : [`the new key ${key} still lives at the provider: revoke it on its page`]),
    ...(perhaps === undefined
      ? []
      : [`an attempt before may have made a key named ${perhaps} at the provider: look for it on its page`]),
  ];
  return [line, ...notes.map((note) => `  ${style.yellow(neutralize(note))}`)].join("\n");
}

function sentenceOf(outcome: Outcome, now: number, style: Style): string {
  const name = `${outcome.secret} (${outcome.environment})`;
  const orphans = outcome.orphansRevoked ? `; revoked ${outcome.orphansRevoked} left over from before` : "";
  switch (outcome.result) {
    case "rotated": {
      if (outcome.inPlace) return style.green(`${name}: rotated; the provider replaced the old value`);
      const seen = outcome.observedDead ? ", and seen to be dead" : "";
      return style.green(`${name}: rotated; the old key is revoked${seen}${orphans}`);
    }
    case "in-grace": {
      const left = formatDuration(Math.max(0, Date.parse(outcome.graceUntil ?? "") - now));
      return style.green(`${name}: the new value is in use; the old key lives for another ${left}${orphans}`);
    }
    case "waiting": {
      const left = formatDuration(Math.max(0, Date.parse(outcome.graceUntil ?? "") - now));
      return `${name}: in its grace for another ${left}; nothing to do`;
    }
    case "aborted":
      return `${name}: the rotation is undone; the old value is in use${orphans}`;
    case "blocked":
    case "failed": {
      const hint = outcome.error?.hint ? `\n  ${style.cyan("hint:")} ${outcome.error.hint}` : "";
      return `${style.red(`${name}: ${outcome.error?.message ?? ""}`)}${hint}`;
    }
  }
}
