import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from "yaml";
import type { Location, Problem } from "../base/errors.ts";
import { codeFrame } from "./frame.ts";
import type { ConfigProblem } from "./problems.ts";

export type Path = readonly PropertyKey[];

/** Where a problem lies: at the value of a path, or at its key. Of a path that is not there, the nearest part that is. */
export interface Place {
  path: Path;
  part: "key" | "value";
}

type Details = Pick<Problem, "hint" | "known"> & {
  /** The place may hold a credential: its line is not shown. */
  hidden?: boolean;
};

/** A YAML file that the user wrote, parsed, with the way back from every value to its place in the text. */
export interface Source {
  /** As it is shown in messages. */
  readonly name: string;
  /** Plain data; `undefined` where the file is not YAML. */
  readonly value: unknown;
  /** What is wrong with the file as YAML. */
  readonly problems: readonly Problem[];
  problem(code: ConfigProblem, message: string, place: Place, details?: Details): Problem;
  locate(place: Place): Location;
}

type Range = readonly [number, number];

/** Bytes are not counted apart: characters bound the work of every later step as well. */
const MAX_CHARACTERS = 1_000_000;

class Positions {
  readonly #name: string;
  readonly #counter: LineCounter;
  readonly #lines: readonly string[];

  constructor(name: string, text: string, counter: LineCounter) {
    this.#name = name;
    this.#counter = counter;
    this.#lines = text.split(/\r?\n/);
  }

  location([start, end]: Range): Location {
    const from = this.#counter.linePos(start);
    const to = this.#counter.linePos(Math.max(start, end));
    return {
      file: this.#name,
      line: Math.max(1, from.line),
      column: Math.max(1, from.col),
      endLine: Math.max(1, to.line),
      endColumn: Math.max(1, to.col),
    };
  }

  problem(code: ConfigProblem, message: string, range: Range, details: Details = {}): Problem {
    const location = this.location(range);
    const { hidden, ...shown } = details;
    return {
      code,
      message,
      location,
      ...(hidden ? {} : { frame: codeFrame(this.#lines, location) }),
      ...shown,
    };
  }
}

const rangeOf = (node: unknown): Range | undefined => {
  const range = isNode(node) ? node.range : undefined;
  return range ? [range[0], range[1]] : undefined;
};

const keyText = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : String(pair.key));

interface Found {
  key: Range | undefined;
  value: Range | undefined;
}

/** The ranges of a path's key and value; of the nearest ancestor, as its key, where the path leads nowhere. */
function find(document: Document, path: Path): Found & { whole: boolean } {
  let node: unknown = document.contents;
  let found: Found = { key: undefined, value: rangeOf(node) };
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => keyText(item) === String(step));
      if (!pair) return { ...found, whole: false };
      node = pair.value;
      found = { key: rangeOf(pair.key), value: rangeOf(pair.value) };
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (node === undefined) return { ...found, whole: false };
      found = { key: rangeOf(node), value: rangeOf(node) };
    } else return { ...found, whole: false };
  }
  return { ...found, whole: true };
}

interface Syntax {
  code: ConfigProblem;
  message: string;
  hint?: string;
}

const QUOTES_HINT = "a text that holds `: `, or begins with a special character, needs quotes";

function describeSyntax(code: string, message: string): Syntax {
  const first = message.split("\n")[0] ?? "";
  switch (code) {
    case "DUPLICATE_KEY":
      return { code: "config/duplicate-key", message: "This key is there twice" };
    case "MULTIPLE_DOCS":
      return { code: "config/syntax", message: "The file must hold one YAML document only" };
    case "TAG_RESOLVE_FAILED":
      return { code: "config/syntax", message: "YAML tags (`!…`) are not supported here" };
    case "BLOCK_AS_IMPLICIT_KEY":
    case "BAD_SCALAR_START":
      return { code: "config/syntax", message: `Not valid YAML: ${first}`, hint: QUOTES_HINT };
    default:
      return /^Missing closing .quote/.test(first)
        ? { code: "config/syntax", message: "Not valid YAML: the quote that opens here is never closed" }
        : { code: "config/syntax", message: `Not valid YAML: ${first}` };
  }
}

/** What an error of the parser is about: it names the end of an open quote, and one character of a key. */
function rangeOfError(document: Document, text: string, code: string, [start, end]: Range): Range {
  if (code === "DUPLICATE_KEY") {
    const key = /^("[^"\n]*"|'[^'\n]*'|[^\s:,}]+)/.exec(text.slice(start, start + 200))?.[0] ?? "";
    return [start, start + Math.max(1, key.length)];
  }
  if (code !== "MISSING_CHAR") return [start, end];
  let opening: number | undefined;
  visit(document, {
    Scalar: (_, { type, range }) => {
      if (type?.startsWith("QUOTE") && range && range[0] < start && start <= range[2]) opening = range[0];
    },
  });
  return opening === undefined ? [start, end] : [opening, opening + 1];
}

function syntaxProblems(document: Document, text: string, positions: Positions): Problem[] {
  const seen = new Set<number>();
  const problems: Problem[] = [];
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    const { code: ours, message: words, hint } = describeSyntax(code, message);
    const range = rangeOfError(document, text, code, pos);
    const problem = positions.problem(ours, words, range, hint === undefined ? {} : { hint });
    // One slip often makes several errors on its line; the first says it best.
    const line = problem.location?.line ?? 0;
    if (!seen.has(line)) problems.push(problem);
    seen.add(line);
  }
  return problems;
}

/** Keys that are no texts, keys that would reach an object's prototype, and anchors that hold themselves. */
function structureProblems(document: Document, positions: Positions): Problem[] {
  const problems: Problem[] = [];
  const report = (node: unknown, message: string) => {
    problems.push(positions.problem("config/key", message, rangeOf(node) ?? [0, 0]));
  };
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key)) report(key, "A key must be a plain text");
      else if (key.value === "__proto__") report(key, "`__proto__` cannot be a key");
    },
    Alias: (_, alias, ancestors) => {
      const target: Node | undefined = alias.resolve(document);
      if (!target) report(alias, `The anchor \`&${alias.source}\` is not set before this`);
      else if (ancestors.includes(target)) report(alias, `\`*${alias.source}\` holds itself`);
    },
  });
  return problems;
}

function parse(text: string, counter: LineCounter): Document {
  return parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: "error" });
}

/**
 * Parses a YAML file. Never throws: what is wrong is in `problems`, and `value` is `undefined` where the rest cannot
 * be judged. A byte order mark and CRLF are fine; aliases may expand to a bounded size.
 */
export function parseSource(name: string, raw: string): Source {
  const text = raw.replace(/^\ufeff/, "");
  const counter = new LineCounter();
  const positions = new Positions(name, text, counter);
  const broken = (code: ConfigProblem, message: string): Source => {
    return unreadable(name, positions, positions.problem(code, message, [0, 0]));
  };
  if (text.length > MAX_CHARACTERS)
    return broken("config/too-large", "The file is larger than 1,000,000 characters");
  const tooDeep = "The file is nested too deeply";
  let document: Document;
  try {
    document = parse(text, counter);
  } catch (error) {
    if (error instanceof RangeError) return broken("config/syntax", tooDeep);
    throw error;
  }
  // The parser is recursive, and notices itself in most places when it runs out of stack.
  if (document.errors.some(({ code }) => code === "RESOURCE_EXHAUSTION"))
    return broken("config/syntax", tooDeep);
  const syntax = syntaxProblems(document, text, positions);
  const problems = syntax.some(({ code }) => code === "config/syntax")
    ? syntax
    : [...syntax, ...structureProblems(document, positions)];
  let value: unknown;
  if (problems.every(({ code }) => code === "config/duplicate-key")) {
    try {
      value = document.toJS({ maxAliasCount: 100 }) ?? {};
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      problems.push(positions.problem("config/syntax", "The aliases (`*…`) expand to too much", [0, 0]));
    }
  }
  const ranged = ({ path, part }: Place): Range => {
    const found = find(document, path);
    return (part === "value" && found.whole ? found.value : found.key) ?? found.key ?? [0, 0];
  };
  return {
    name,
    value,
    problems,
    locate: (place) => positions.location(ranged(place)),
    problem: (code, message, place, details) => positions.problem(code, message, ranged(place), details),
  };
}

function unreadable(name: string, positions: Positions, problem: Problem): Source {
  return {
    name,
    value: undefined,
    problems: [problem],
    locate: () => positions.location([0, 0]),
    problem: (code, message, _place, details) => positions.problem(code, message, [0, 0], details),
  };
}
