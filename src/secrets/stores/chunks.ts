import { isCount, isRecord, isText } from "../../base/guards.ts";
import type { Entries } from "./entries.ts";

/**
 * Long texts in entries of limited size. A short text is the head entry itself. A long one is cut into numbered entries
 * of the generation that is not in use, then the head entry flips to it in one write: a reader sees the old text or the
 * new, whatever is killed when.
 */

interface Head {
  integ: "parts/1";
  generation: 0 | 1;
  parts: number;
  sha256: string;
}

const isHead = (value: unknown): value is Head =>
  isRecord(value) &&
  value.integ === "parts/1" &&
  (value.generation === 0 || value.generation === 1) &&
  isCount(value.parts) &&
  value.parts > 0 &&
  isText(value.sha256);

/** How often a reader starts again when a writer flips generations under it. */
const READ_ATTEMPTS = 5;

/** Most texts are whole, and loading `node:crypto` takes as long as reading one. */
const sha256 = (text: string) =>
  process.getBuiltinModule("node:crypto").createHash("sha256").update(text).digest("hex");

const partAccount = (account: string, generation: number, index: number) =>
  `${account}#${generation}.${index}`;

/** JSON text in pure ASCII: every character is one UTF-16 unit and one byte, so it can be cut anywhere. */
function toAscii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function headOf(text: string | undefined): Head | undefined {
  if (text === undefined || !text.startsWith('{"integ":"parts/1"')) return undefined;
  try {
    const head: unknown = JSON.parse(text);
    return isHead(head) ? head : undefined;
  } catch {
    return undefined;
  }
}

async function readParts(entries: Entries, account: string, head: Head): Promise<string | undefined> {
  let text = "";
  for (let index = 0; index < head.parts; index++) {
    const part = await entries.get(partAccount(account, head.generation, index));
    if (part === undefined) return undefined;
    text += part;
  }
  return sha256(text) === head.sha256 ? text : undefined;
}

export type ChunkedRead = { state: "absent" } | { state: "whole"; text: string } | { state: "broken" };

/** Reads what `writeChunked` wrote; `broken` when parts are missing or do not belong together. */
export async function readChunked(entries: Entries, account: string): Promise<ChunkedRead> {
  for (let attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
    const text = await entries.get(account);
    if (text === undefined) return { state: "absent" };
    const head = headOf(text);
    if (!head) return { state: "whole", text };
    const whole = await readParts(entries, account, head);
    if (whole !== undefined) return { state: "whole", text: whole };
  }
  return { state: "broken" };
}

/** Removes a generation's entries from `from` on. From the last one down, so that a killed sweep leaves no gap. */
async function sweep(entries: Entries, account: string, generation: number, from: number): Promise<void> {
  let end = from;
  while ((await entries.get(partAccount(account, generation, end))) !== undefined) end++;
  for (let index = end - 1; index >= from; index--) {
    await entries.remove(partAccount(account, generation, index));
  }
}

/**
 * Replaces the text of an account in one step.
 * @param json JSON text; comes back equal as JSON, not byte by byte
 * @param limit most UTF-16 units that an entry takes
 */
export async function writeChunked(
  entries: Entries,
  account: string,
  json: string,
  limit: number,
): Promise<void> {
  const before = headOf(await entries.get(account));
  if (json.length <= limit) {
    await entries.set(account, json);
    if (before || limit !== Number.POSITIVE_INFINITY) await sweepBoth(entries, account);
    return;
  }
  const ascii = toAscii(json);
  const generation = before?.generation === 0 ? 1 : 0;
  const parts = Math.ceil(ascii.length / limit);
  // In ascending order, so that what a killed writer leaves is gapless and the next sweep reaches all of it.
  for (let index = 0; index < parts; index++) {
    await entries.set(
      partAccount(account, generation, index),
      ascii.slice(index * limit, (index + 1) * limit),
    );
  }
  const head: Head = { integ: "parts/1", generation, parts, sha256: sha256(ascii) };
  await entries.set(account, JSON.stringify(head));
  await sweep(entries, account, generation, parts);
  await sweep(entries, account, 1 - generation, 0);
}

async function sweepBoth(entries: Entries, account: string): Promise<void> {
  await sweep(entries, account, 0, 0);
  await sweep(entries, account, 1, 0);
}

/** Removes an account with all its parts. The head goes first: from then on the account is absent. */
export async function removeChunked(entries: Entries, account: string): Promise<void> {
  await entries.remove(account);
  await sweepBoth(entries, account);
}
