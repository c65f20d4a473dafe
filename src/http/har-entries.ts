import * as z from "zod";
import { ConfigError } from "../base/errors.ts";
import { neutralize, plural } from "../base/text.ts";
import type { Exchange } from "./exchange.ts";

/** What HAR has no field for, so that a replay gives back the very same exchange. */
export type Remainder = Pick<Exchange, "phases" | "connection" | "hops" | "totalMs" | "startedAt"> &
  Partial<Pick<Exchange, "failure" | "tls">>;

const header = z.object({ name: z.string(), value: z.string() });

const askedSchema = z.object({ method: z.string(), url: z.string() });

/** What was asked, the status and what came are needed; whatever else a recorder leaves out costs nothing but itself. */
const entrySchema = z.object({
  request: askedSchema.extend({ headers: z.array(header).optional() }),
  response: z.object({
    status: z.number(),
    httpVersion: z.string().optional().catch(undefined),
    headers: z.array(header).default([]),
    content: z.object({
      mimeType: z.string().optional().catch(undefined),
      text: z.string().optional(),
      encoding: z.string().optional(),
    }),
  }),
  startedDateTime: z.string().default(""),
  time: z.number().default(0),
  _integ: z.custom<Remainder>((value) => typeof value === "object" && value !== null).optional(),
});

const harSchema = z.object({
  log: z.object({ entries: z.array(z.unknown()), _integ: z.unknown().optional() }),
});

export type Entry = z.infer<typeof entrySchema>;

/** An entry that says less than a replay needs. */
export interface BrokenEntry {
  /** `log.entries[1].response.status: …`: where, and what was expected there. */
  reason: string;
  /** What was asked, where at least that can be read. */
  asked: { method: string; url: string } | undefined;
}

export interface HarLog {
  /** In their order; at least one of them is sound, if there are any. */
  entries: (Entry | BrokenEntry)[];
  /** What the recorder put in besides exchanges. */
  own: unknown;
}

export const isBroken = (entry: Entry | BrokenEntry): entry is BrokenEntry => "reason" in entry;

/**
 * The entries of a HAR file. One that is broken does not spoil the others: browsers and proxies write what they know.
 * @throws ConfigError `har/unreadable` where none can be read
 */
export function readHarLog(text: string, file: string): HarLog {
  const { log } = documentOf(text, file);
  const entries = log.entries.map(readEntry);
  const [first] = entries;
  if (first !== undefined && isBroken(first) && entries.every(isBroken)) {
    throw new ConfigError(`${file} is no HAR file: ${first.reason}`, { code: "har/unreadable" });
  }
  return { entries, own: log._integ };
}

function documentOf(text: string, file: string): z.infer<typeof harSchema> {
  try {
    return harSchema.parse(JSON.parse(text.replace(/^\ufeff/, "")));
  } catch (error) {
    const reason = error instanceof z.ZodError ? firstOf(error, []) : String(error);
    throw new ConfigError(`${file} is no HAR file: ${reason}`, { code: "har/unreadable", cause: error });
  }
}

function readEntry(value: unknown, index: number): Entry | BrokenEntry {
  const read = entrySchema.safeParse(value);
  if (read.success) return read.data;
  const asked = z.object({ request: askedSchema }).safeParse(value);
  return {
    reason: firstOf(read.error, ["log", "entries", index]),
    asked: asked.success ? asked.data.request : undefined,
  };
}

const firstOf = ({ issues }: z.ZodError, place: readonly PropertyKey[]) =>
  issues
    .slice(0, 1)
    .map(({ path, message }) => `${z.core.toDotPath([...place, ...path])}: ${message}`)
    .join("");

/** Most broken entries that are named one by one. */
const MOST_NAMED = 10;

/** What to tell of a file's broken entries: nobody should take a part of a recording for the whole. */
export function brokenNotes(file: string, broken: readonly BrokenEntry[]): string[] {
  const named = broken.slice(0, MOST_NAMED).map(({ reason }) => `left out of ${neutralize(file)}: ${reason}`);
  const more = broken.length - named.length;
  return more > 0 ? [...named, `and ${plural(more, "further entry", "further entries")}`] : named;
}
