import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import {
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  stringify,
  type YAMLMap,
} from "yaml";
import { ConfigError } from "../base/errors.ts";
import { writeFileAtomic } from "../base/files.ts";

/** One change of a YAML file: the value that shall stand at a path, or `undefined` to remove the key. */
export interface Edit {
  path: readonly (string | number)[];
  value: unknown;
}

interface Splice {
  start: number;
  end: number;
  text: string;
}

const OPTIONS = { prettyErrors: false, logLevel: "error" } as const;
const STYLE = { lineWidth: 0, flowCollectionPadding: true } as const;

const isScalarValue = (value: unknown): boolean => typeof value !== "object" || value === null;

/** A value on one line, as it may stand in a block or between braces. */
function inline(value: unknown, insideFlow: boolean): string {
  if (!isScalarValue(value)) return stringify(value, { ...STYLE, collectionStyle: "flow" }).trimEnd();
  if (!insideFlow) return stringify(value, { ...STYLE, blockQuote: false }).trimEnd();
  // Between braces more characters need quotes; in a list of one the library puts them.
  return stringify([value], { ...STYLE, blockQuote: false, collectionStyle: "flow" })
    .trim()
    .slice(1, -1)
    .trim();
}

const indentAt = (text: string, offset: number): number => {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return offset - start;
};

const lineStart = (text: string, offset: number): number => text.lastIndexOf("\n", offset - 1) + 1;
const lineEnd = (text: string, offset: number): number => {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
};

/** `key: value` as lines of a block mapping, indented by `indent` spaces. */
function block(key: string, value: unknown, indent: number): string {
  const pad = " ".repeat(indent);
  return stringify({ [key]: value }, STYLE).replace(/^(?=.)/gm, pad);
}

function replaceValue(text: string, pair: Pair, value: unknown, flow: boolean): Splice | undefined {
  const { key, value: node } = pair;
  if (!isScalar(key) || !key.range) return undefined;
  const old = isScalar(node) || isMap(node) || isSeq(node) ? node : undefined;
  const plain = isScalarValue(value) || flow || (old && "flow" in old && old.flow === true);
  if (!plain || !old?.range) return undefined;
  const [start, end] = old.range;
  const rendered = inline(value, flow);
  // An empty value (`key:`) has no room of its own yet.
  const space = start === end && text[start - 1] === ":" ? " " : "";
  return start === end || !text.slice(start, end).includes("\n") || flow
    ? { start, end, text: space + rendered }
    : undefined;
}

function addToBlock(text: string, map: YAMLMap, key: string, value: unknown): Splice | undefined {
  const first = map.items[0];
  if (!map.range || !isPair(first) || !isScalar(first.key) || !first.key.range) return undefined;
  const indent = indentAt(text, first.key.range[0]);
  if (text.slice(lineStart(text, first.key.range[0]), first.key.range[0]).trim() !== "") return undefined;
  const end = map.range[1];
  const at = end > 0 && text[end - 1] === "\n" ? end : lineEnd(text, end);
  const needsBreak = at > 0 && text[at - 1] !== "\n";
  return { start: at, end: at, text: (needsBreak ? "\n" : "") + block(key, value, indent) };
}

function addToFlow(map: YAMLMap, key: string, value: unknown): Splice | undefined {
  const last = map.items.at(-1);
  const node =
    isPair(last) && (isScalar(last.value) || isMap(last.value) || isSeq(last.value)) ? last.value : undefined;
  const at = node?.range?.[1];
  if (at === undefined) return undefined;
  return { start: at, end: at, text: `, ${inline(key, true)}: ${inline(value, true)}` };
}

function removeFromBlock(text: string, map: YAMLMap, pair: Pair): Splice | undefined {
  const index = map.items.indexOf(pair);
  const { key, value } = pair;
  if (map.items.length < 2 || !isScalar(key) || !key.range) return undefined;
  const start = lineStart(text, key.range[0]);
  if (text.slice(start, key.range[0]).trim() !== "") return undefined;
  const next = map.items[index + 1];
  const node = isScalar(value) || isMap(value) || isSeq(value) ? value : key;
  const nextKey = isPair(next) && isScalar(next.key) ? next.key.range?.[0] : undefined;
  const end = node.range?.[1] ?? key.range[1];
  const stop = text[end - 1] === "\n" ? end : lineEnd(text, end);
  return { start, end: nextKey === undefined ? stop : Math.min(stop, lineStart(text, nextKey)), text: "" };
}

/** An edit below keys that are not there yet, as one edit of the first of them. */
function fromExisting(document: Document, { path, value }: Edit): Edit {
  const parent = path.slice(0, -1);
  const key = path.at(-1);
  if (value === undefined || parent.length === 0 || typeof key !== "string" || document.hasIn(parent))
    return { path, value };
  return fromExisting(document, { path: parent, value: { [key]: value } });
}

function replaceItem(node: unknown, value: unknown): Splice | undefined {
  if (!isScalar(node) || !node.range || !isScalarValue(value)) return undefined;
  const [start, end] = node.range;
  return start === end ? undefined : { start, end, text: inline(value, true) };
}

/** The smallest change of the text that makes the edit; `undefined` where only the library can tell. */
function spliceFor(document: Document, text: string, { path, value }: Edit): Splice | undefined {
  const key = path.at(-1);
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (isSeq(parent) && typeof key === "number") return replaceItem(parent.items[key], value);
  if (!isMap(parent) || typeof key !== "string") return undefined;
  const map: YAMLMap = parent;
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  const flow = map.flow === true;
  if (value === undefined) return pair && !flow ? removeFromBlock(text, map, pair) : undefined;
  if (pair) return replaceValue(text, pair, value, flow);
  return flow ? addToFlow(map, key, value) : addToBlock(text, map, key, value);
}

function applyToDocument(document: Document, { path, value }: Edit): void {
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, isScalarValue(value) ? value : document.createNode(value));
}

/** One edit: spliced into the text where that gives just the wanted data, else written anew by the library. */
function editOnce(text: string, asked: Edit): string {
  const document = parseDocument(text, OPTIONS);
  const edit = fromExisting(document, asked);
  const splice = spliceFor(document, text, edit);
  const before: unknown = document.toJS();
  applyToDocument(document, edit);
  const wanted: unknown = document.toJS();
  if (isDeepStrictEqual(before, wanted)) return text;
  if (splice) {
    const spliced = text.slice(0, splice.start) + splice.text + text.slice(splice.end);
    const after = parseDocument(spliced, OPTIONS);
    if (after.errors.length === 0 && isDeepStrictEqual(after.toJS(), wanted)) return spliced;
  }
  return document.toString(STYLE);
}

/**
 * Changes values of a YAML text and nothing else: comments, order, quotes and line ends stay. Where an edit is beyond
 * that (a list's item, a value of several lines), the file is laid out anew; its comments stay even then.
 * @throws ConfigError `config/syntax` where the text is no YAML
 */
export function editText(text: string, edits: readonly Edit[]): string {
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  const crlf = text.includes("\r\n");
  const plain = text.slice(mark.length).replaceAll("\r\n", "\n");
  const [error] = parseDocument(plain, OPTIONS).errors;
  if (error) throw new ConfigError(`Not valid YAML: ${error.message}`, { code: "config/syntax" });
  const edited = edits.reduce(editOnce, plain);
  return mark + (crlf ? edited.replaceAll("\n", "\r\n") : edited);
}

/**
 * Applies edits, in order, to a YAML file, in one atomic write. Writes nothing where nothing changes.
 * @throws ConfigError `config/syntax` where the file is no YAML
 */
export async function editYaml(file: string, edits: readonly Edit[]): Promise<void> {
  const before = await readFile(file, "utf8");
  const after = editText(before, edits);
  if (after !== before) await writeFileAtomic(file, after);
}
