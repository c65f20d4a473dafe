import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Clock, Context } from "../../base/context.ts";
import { ConfigError, UsageError } from "../../base/errors.ts";
import { writeFileAtomic } from "../../base/files.ts";
import type { Rooms } from "../../check/rooms.ts";
import { createHttpClient } from "../../http/client.ts";
import type { HttpClient } from "../../http/exchange.ts";
import type { CheckCommandOptions } from "./options.ts";

/** How a check reaches the providers: the network, the network with a protocol, or a protocol in its place. */
export interface Transport {
  http: HttpClient;
  clock: Clock;
  /** No request leaves, so no credential is needed. */
  offline: boolean;
  /** The rooms as this way of reaching the providers has them. */
  furnish(rooms: Rooms): Rooms;
  /** Writes what was asked for. */
  finish(): Promise<void>;
}

/** Time stands where it was recorded, and nobody waits: a replay gives the same findings at any time. */
function clockAt(now: number, { monotonic }: Clock): Clock {
  return { now: () => now, monotonic, sleep: async () => {} };
}

async function replay(file: string, ctx: Context): Promise<Transport> {
  let text: string;
  try {
    text = await readFile(resolve(ctx.cwd, file), "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`--har-in: ${file} cannot be read: ${reason}`, {
      code: "har/unreadable",
      cause: error,
    });
  }
  const [{ replayHar }, { brokenNotes }, { replayingSecrets }] = await Promise.all([
    import("../../http/har.ts"),
    import("../../http/har-entries.ts"),
    import("./policies.ts"),
  ]);
  const { client, recordedAt, own, broken } = replayHar(text, file);
  for (const line of brokenNotes(file, broken)) ctx.io.note(line);
  const clock = recordedAt === undefined ? ctx.clock : clockAt(recordedAt, ctx.clock);
  const furnish = (rooms: Rooms) => replayingSecrets(rooms, own);
  return { http: client, clock, offline: true, furnish, finish: async () => {} };
}

/** @throws UsageError, ConfigError */
export async function openTransport(
  { harIn, harOut }: Pick<CheckCommandOptions, "harIn" | "harOut">,
  ctx: Context,
): Promise<Transport> {
  if (harIn !== undefined && harOut !== undefined) {
    throw new UsageError("--har-in and --har-out exclude each other", { code: "usage/har" });
  }
  if (harIn !== undefined) return replay(harIn, ctx);
  const network = createHttpClient({ env: ctx.env, clock: ctx.clock });
  if (harOut === undefined)
    return {
      http: network,
      clock: ctx.clock,
      offline: false,
      furnish: (rooms) => rooms,
      finish: async () => {},
    };
  const [{ recordHar }, { notingSecrets }] = await Promise.all([
    import("../../http/har.ts"),
    import("./policies.ts"),
  ]);
  const { client, har } = recordHar(network);
  let noted: () => unknown = () => undefined;
  return {
    http: client,
    clock: ctx.clock,
    offline: false,
    furnish: (rooms) => {
      const noting = notingSecrets(rooms);
      noted = noting.noted;
      return noting.rooms;
    },
    finish: () => writeFileAtomic(resolve(ctx.cwd, harOut), har(noted()), 0o600),
  };
}

/** Workers send the requests: no recording of this process could hold them. @throws UsageError */
export function refuseRecordings({ harIn, harOut }: Pick<CheckCommandOptions, "harIn" | "harOut">): void {
  if (harIn === undefined && harOut === undefined) return;
  throw new UsageError("--redis excludes --har-in and --har-out: the requests are sent by workers", {
    code: "usage/har",
  });
}
