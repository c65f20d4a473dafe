import {
  CORE_SCHEMA,
  type EventType,
  type LoadOptions,
  load,
  type State,
  Type,
  YAMLException,
} from "js-yaml";
import { Lines, type Places, type Position } from "./text.ts";

const MERGE = "tag:yaml.org,2002:merge";

/** A value with a tag that means nothing here is the value without it. */
const tagged = (["scalar", "sequence", "mapping"] as const).flatMap((kind) =>
  ["!", "tag:"].map((prefix) => new Type(prefix, { kind, multi: true, construct: (data: unknown) => data })),
);

/** YAML 1.2's core types and merge keys: a date stays text, `yes` stays text. */
const SCHEMA = CORE_SCHEMA.extend({
  implicit: [new Type(MERGE, { kind: "scalar", resolve: (data: unknown) => data === "<<" || data === null })],
  explicit: tagged,
});

/** Deeper collections are refused with their place; the parser's own default of 100 is below what real documents have. */
const OPTIONS: LoadOptions & { maxDepth: number } = { schema: SCHEMA, maxDepth: 1000 };

export interface YamlProblem extends Position {
  message: string;
}

export type YamlResult =
  | { ok: true; value: unknown; repeated: YamlProblem[] }
  | { ok: false; problem: YamlProblem };

const REPEATED = "duplicated mapping key";

function problemOf(error: unknown): YamlProblem {
  if (error instanceof YAMLException) {
    return { message: error.reason, line: error.mark.line + 1, column: error.mark.column + 1 };
  }
  const deep = error instanceof RangeError;
  return { message: deep ? "it is nested too deeply" : String(error), line: 1, column: 1 };
}

/** Parses YAML. A key that stands twice is a problem, not a failure: the last one counts. */
export function parseYaml(text: string): YamlResult {
  try {
    return { ok: true, value: load(text, OPTIONS), repeated: [] };
  } catch (error) {
    const problem = problemOf(error);
    if (problem.message !== REPEATED) return { ok: false, problem };
    try {
      return { ok: true, value: load(text, { ...OPTIONS, json: true }), repeated: [problem] };
    } catch (other) {
      return { ok: false, problem: problemOf(other) };
    }
  }
}

/** A node of a YAML text: where it begins, and its children in order, keys and values taking turns in a mapping. */
interface YamlNode {
  offset: number;
  kind: string;
  text: string;
  children: YamlNode[];
}

function outline(text: string): YamlNode | undefined {
  const open: YamlNode[] = [];
  let root: YamlNode | undefined;
  const listener = function (this: State, event: EventType, state: State): void {
    if (event === "open") {
      open.push({ offset: state.position, kind: "", text: "", children: [] });
      return;
    }
    const node = open.pop();
    if (!node) return;
    node.kind = state.kind;
    if (state.kind === "scalar") node.text = String(state.result);
    const parent = open.at(-1);
    if (parent) parent.children.push(node);
    else root = node;
  };
  load(text, { ...OPTIONS, json: true, listener });
  return root;
}

function skipBlank(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return at;
}

/** Finds values of a YAML text that has been parsed before. Not through aliases: their own place is given. */
export const placesInYaml =
  (text: string): Places =>
  (paths) => {
    const lines = new Lines(text);
    return offsetsIn(text, paths).map((offset) => lines.at(offset));
  };

function offsetsIn(text: string, paths: readonly (readonly string[])[]): number[] {
  const root = outline(text);
  return paths.map((path) => {
    let node = root;
    let offset = 0;
    for (const key of path) {
      const { at, child } = step(node, key);
      if (at === undefined) break;
      offset = skipBlank(text, at);
      node = child;
    }
    return offset;
  });
}

function step(node: YamlNode | undefined, key: string): { at?: number; child: YamlNode | undefined } {
  if (node?.kind === "sequence") {
    const child = node.children[Number(key)];
    return child ? { at: child.offset, child } : { child };
  }
  for (let index = 0; node && index < node.children.length; index += 2) {
    const name = node.children[index];
    if (name?.text === key) return { at: name.offset, child: node.children[index + 1] };
  }
  return { child: undefined };
}
