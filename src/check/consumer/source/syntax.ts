import { readFileSync } from "node:fs";
import { parseSync } from "oxc-parser";
import type { Location } from "../../../base/errors.ts";
import { locationIn } from "./location.ts";

/** What the parser stumbles over first, and where. */
export interface SyntaxProblem {
  message: string;
  location: Location;
}

/** The first syntax error of a TypeScript file; undefined where it has none, or cannot be read. */
export function syntaxProblem(file: string): SyntaxProblem | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const [error] = parseSync(file, text).errors;
  if (!error) return undefined;
  const { start, end } = error.labels[0] ?? { start: 0, end: 0 };
  return { message: error.message, location: locationIn({ file, text }, start, end) };
}
