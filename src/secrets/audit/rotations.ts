import type { AuditEntry } from "./chain.ts";

/** One rotation as the audit log tells it. Instants in ISO 8601; absent where it did not happen, or not yet. */
export interface AuditedRotation {
  secret: string;
  environment: string;
  /** Who did what, in the order in which they came; mostly one. */
  actors: readonly string[];
  createdAt?: string;
  testedAt?: string;
  promotedAt?: string;
  /** When the old key was, and where the rotation was undone the new one. */
  revokedAt?: string;
  /** That key was seen to be refused after it was revoked. */
  seenDead?: boolean;
  undoneAt?: string;
}

/** What the log says of a revocation after which the old key was refused. */
export const SEEN_DEAD = "revoked, seen dead";

/** Old and new value changed places at the provider in one step. */
const REPLACED = "replaced";

const STEPS: Readonly<Record<string, keyof AuditedRotation>> = {
  created: "createdAt",
  tested: "testedAt",
  promoted: "promotedAt",
  revoked: "revokedAt",
  [SEEN_DEAD]: "revokedAt",
  [REPLACED]: "revokedAt",
  "set-back": "undoneAt",
  undone: "undoneAt",
};

/** Whether a step belongs to what came before it: of a rotation that was undone, only that its new key was revoked. */
function goesOn(rotation: AuditedRotation | undefined, detail: string): rotation is AuditedRotation {
  if (rotation === undefined || detail === "created") return false;
  return rotation.undoneAt === undefined || (STEPS[detail] === "revokedAt" && detail !== REPLACED);
}

/** The rotations that a log holds, oldest first. A step that comes without a beginning (the log was begun later) is told too. */
export function rotationsIn(entries: readonly AuditEntry[]): AuditedRotation[] {
  const all: AuditedRotation[] = [];
  const open = new Map<string, AuditedRotation>();
  for (const { action, at, actor, environment, secrets, detail = "" } of entries) {
    const step = STEPS[detail];
    if (action !== "rotate" || step === undefined) continue;
    for (const secret of secrets) {
      const key = `${environment} ${secret}`;
      const before = open.get(key);
      const going = goesOn(before, detail);
      const rotation: AuditedRotation = going ? before : { secret, environment, actors: [] };
      if (!going) all.push(rotation);
      Object.assign(rotation, {
        [step]: at,
        actors: [...new Set([...rotation.actors, actor])],
        ...(detail === SEEN_DEAD ? { seenDead: true } : {}),
      });
      if (step === "revokedAt") open.delete(key);
      else open.set(key, rotation);
    }
  }
  return all;
}

const day = (instant: string | undefined) =>
  instant === undefined ? "-" : `${instant.slice(0, 16).replace("T", " ")}`;

/** Text in a table cell: no way out of the cell, no markup of its own. */
const cell = (text: string) => text.replace(/[\s\p{Cc}]+/gu, " ").replace(/[\\`*_{}[\]<>#|]/g, "\\$&");

function endOf({ revokedAt, seenDead, undoneAt }: AuditedRotation): string {
  const revoked = revokedAt && `${day(revokedAt)}${seenDead ? ", seen dead" : ""}`;
  if (undoneAt === undefined) return revoked ?? "not yet";
  return `undone ${day(undoneAt)}${revoked ? `; new key revoked ${revoked}` : ""}`;
}

/** The rotations for whoever audits them: who, when, verified when, old key revoked when. Times are UTC. */
export function rotationReport(rotations: readonly AuditedRotation[], project: string): string {
  const head = [
    "Secret",
    "Environment",
    "New key made",
    "Verified live",
    "In use since",
    "Old key revoked",
    "By",
  ];
  const rows = rotations.map((one) => [
    cell(one.secret),
    cell(one.environment),
    day(one.createdAt),
    day(one.testedAt),
    day(one.promotedAt),
    endOf(one),
    one.actors.map(cell).join(", "),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const table = [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
  const body = rows.length === 0 ? "No rotation is in the log." : table;
  return `# Rotations of secrets: ${cell(project)}\n\nTimes are UTC.\n\n${body}`;
}
