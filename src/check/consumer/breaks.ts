import { printPath, type Segment, segmentsOf } from "../path.ts";
import type { ParseOutcome } from "./protocol.ts";

/** One way in which the consumer's schema refuses what the API returns now. */
export interface Break {
  path: readonly Segment[];
  code: string;
  /** In the words of the schema: zod's message, or the user's own. */
  message: string;
  expected?: string;
  /** The type that came, `absent` where nothing did. */
  received: string;
  /** In how many samples. */
  samples: number;
}

/** The breaks of all samples, each path and kind once, sorted by path. */
export function breaksOf(outcomes: readonly ParseOutcome[]): Break[] {
  const breaks = new Map<string, Break>();
  for (const outcome of outcomes) {
    if (outcome.kind !== "rejected") continue;
    const ofSample = new Map<string, Break>();
    for (const { code, path, message, expected, received } of outcome.issues) {
      const segments = segmentsOf(path);
      const key = [printPath(segments), code, expected ?? "", received].join("\n");
      const samples = (breaks.get(key)?.samples ?? 0) + 1;
      ofSample.set(key, {
        path: segments,
        code,
        message,
        received,
        samples,
        ...(expected === undefined ? {} : { expected }),
      });
    }
    for (const [key, one] of ofSample) breaks.set(key, one);
  }
  return [...breaks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** `expects string, got nothing`. A message of the user's own stands as it is. */
export function reasonOf({ code, expected, received, message }: Break): string {
  if (code === "unrecognized_keys") return "does not allow this property";
  const got = received === "absent" ? "got nothing" : `got ${received}`;
  if (code === "invalid_type" && expected !== undefined) {
    return `expects ${expected === "nonoptional" ? "a value" : expected}, ${got}`;
  }
  return `says: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}
