import { isSecretName } from "../../http/redact.ts";
import { eachVaultKey } from "../stores/vault-key.ts";
import type { Detectors } from "./detectors.ts";
import type { KnownValue } from "./known.ts";
import type { KeyPattern } from "./patterns.ts";
import { looksRandom } from "./randomness.ts";
import { eachToken } from "./tokens.ts";

/** Why a place is told. */
export type Reason =
  | { kind: "known"; known: KnownValue }
  | { kind: "pattern"; pattern: KeyPattern }
  /** What opens a vault of integ. */
  | { kind: "vault-key" }
  /** Random text that is assigned to something called like a secret. */
  | { kind: "random"; name: string };

export interface Hit {
  reason: Reason;
  /** Count from 1; the column in bytes. */
  line: number;
  column: number;
  /** The text itself: for comparing, never for showing. */
  text: string;
}

/** On a line with these words nothing is told. */
export const ALLOW = "integ:not-a-secret";

const NEWLINE = 10;
/** How much of a line before a token is read for the name that it is assigned to. */
const BEFORE = 80;
const ASSIGNED = /([A-Za-z_][\w.-]*)["'\]]?\s*(?:=>|[:=]=?)\s*["'`]?$/;
/** Digests and identifiers: random, and public. */
const PUBLIC_NAME =
  /hash|sha\d*|digest|checksum|integrity|commit|revision|etag|fingerprint|thumbprint|uuid|guid|(?:^|[_.-])id$|Id$|public/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const [QUOTE, APOSTROPHE, BACKTICK, SPACE] = [0x22, 0x27, 0x60, 0x20];
const ASSIGNS = new Set([...":=>"].map((char) => char.charCodeAt(0)));

/** Whether a colon or an equals sign stands before a token; most have none, and need no closer look. */
function isAssigned(bytes: Buffer, start: number): boolean {
  let at = start - 1;
  while (at >= 0) {
    const code = bytes[at] ?? 0;
    if (code !== QUOTE && code !== APOSTROPHE && code !== BACKTICK && code !== SPACE)
      return ASSIGNS.has(code);
    at--;
  }
  return false;
}

function assignedName(bytes: Buffer, start: number): string | undefined {
  if (!isAssigned(bytes, start)) return undefined;
  const lineStart = bytes.lastIndexOf(NEWLINE, start - 1) + 1;
  const before = bytes.toString("latin1", Math.max(lineStart, start - BEFORE), start);
  return ASSIGNED.exec(before)?.[1];
}

function hasDigit(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = bytes[at] ?? 0;
    if (code >= 0x30 && code <= 0x39) return true;
  }
  return false;
}

function judge(
  bytes: Buffer,
  start: number,
  end: number,
  { known, patterns }: Detectors,
): Reason | undefined {
  // Names of things are most of what is long: they begin like no key, nothing assigns them, and no key is without a digit.
  const telling = patterns.mayBegin(bytes[start] ?? 0, bytes[start + 1] ?? 0) || isAssigned(bytes, start);
  const candidate = telling && hasDigit(bytes, start, end);
  if (!candidate && !known.hasTokens) return undefined;
  const token = bytes.toString("latin1", start, end);
  const stored = known.ofToken(token);
  if (stored) return { kind: "known", known: stored };
  if (!candidate) return undefined;
  const begins = patterns.ofToken(token);
  if (begins) return { kind: "pattern", pattern: begins };
  const name = assignedName(bytes, start);
  if (name === undefined) return undefined;
  const assigned = patterns.ofAssignment(name, token);
  if (assigned) return { kind: "pattern", pattern: assigned };
  const suspicious = isSecretName(name) && !PUBLIC_NAME.test(name);
  return suspicious && !UUID.test(token) && looksRandom(token) ? { kind: "random", name } : undefined;
}

/** Finds keys in lines of text. @param firstLine number of the first line */
export function findKeys(bytes: Buffer, firstLine: number, detectors: Detectors): Hit[] {
  const found: { start: number; end: number; reason: Reason }[] = [];
  eachToken(bytes, (start, end) => {
    const reason = judge(bytes, start, end, detectors);
    if (reason) found.push({ start, end, reason });
  });
  // Base64 may be cut into runs too short for tokens; how it begins cannot.
  eachVaultKey(bytes, (start, end) => found.push({ start, end, reason: { kind: "vault-key" } }));
  detectors.known.eachIn(bytes, (start, end, known) =>
    found.push({ start, end, reason: { kind: "known", known } }),
  );
  if (found.length === 0) return [];
  return located(
    bytes,
    firstLine,
    found.sort((a, b) => a.start - b.start),
  );
}

function located(
  bytes: Buffer,
  firstLine: number,
  found: readonly { start: number; end: number; reason: Reason }[],
): Hit[] {
  const hits: Hit[] = [];
  let line = firstLine;
  let lineStart = 0;
  for (const { start, end, reason } of found) {
    for (let next = bytes.indexOf(NEWLINE, lineStart); next >= 0 && next < start; ) {
      line++;
      lineStart = next + 1;
      next = bytes.indexOf(NEWLINE, lineStart);
    }
    const stop = bytes.indexOf(NEWLINE, start);
    const whole = bytes.toString("latin1", lineStart, stop < 0 ? bytes.length : stop);
    if (whole.includes(ALLOW)) continue;
    hits.push({ reason, line, column: start - lineStart + 1, text: bytes.toString("utf8", start, end) });
  }
  return hits;
}
