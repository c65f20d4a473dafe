import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ConfigError, type Problem } from "../../base/errors.ts";
import { neutralize } from "../../base/text.ts";
import type { Source } from "../shape.ts";
import { type DocumentKind, kindOf } from "./detect.ts";
import { DIALECTS, type Dialect, dialectOfApi, dialectOfSchema } from "./dialect.ts";
import { isObject, own, stringOf } from "./json.ts";
import { Library, type Missing, type ParsedDocument } from "./library.ts";
import { Problems } from "./problems.ts";
import { whyUnreadable } from "./readable-api.ts";
import { Locator } from "./text/locate.ts";
import { type Format, parseText, type TextProblem } from "./text/parse.ts";
import { type Places, toUtf8 } from "./text/text.ts";
import { weightOf } from "./text/weight.ts";

/** Bytes of one document, and of all documents that it refers to together. */
export const MAX_DOCUMENT_BYTES = 100 * 1024 * 1024;

/** Documents that one document may refer to, directly and further on. */
export const MAX_DOCUMENTS = 2000;

/** How documents are reached. Both may reject; an `IntegError` is passed on as it is for the first document. */
export interface Access {
  /** Absolute directory that relative paths start from. */
  cwd: string;
  readFile(path: string, maxBytes: number): Promise<Uint8Array>;
  readUrl(url: string, maxBytes: number): Promise<Uint8Array>;
  /** Bytes of memory that are left for values; absent: as many as it takes. */
  room?(): number;
}

/** A document of less than this part of what is left takes no more than that, whatever it holds: it need not be weighed. */
const LIGHT = 1 / 50;
/** How much of what is left the values of a document may take: comparing them takes memory, too. */
const SHARE = 0.6;

/** What references may lead to. Absent: nothing that a caller could allow, so that messages name no flag. */
export interface LoadOptions {
  /** Whether references may lead to URLs. The document that was asked for may be a URL anyhow. */
  allowRemoteRefs?: boolean;
  /** Whether references may lead to files that are neither below the working directory nor below the document's own. */
  allowOutsideRefs?: boolean;
}

/** A document with everything that it refers to, ready to be read. */
export interface LoadedDocument {
  /** As the user wrote it. */
  name: string;
  kind: DocumentKind;
  format: Format;
  root: unknown;
  /** As it was read, in UTF-8; empty where the document was given as a value. */
  bytes: Buffer;
  library: Library;
  problems: Problems;
  /** Lines and columns of places in all its files. */
  locator: Locator;
}

interface Text {
  document: ParsedDocument;
  format: Format;
  bytes: Buffer;
  /** Absent where the document was given as a value. */
  places?: Places;
  problems: readonly TextProblem[];
}

export const isUrl = (source: string): boolean => /^https?:\/\//i.test(source);

/** Identifiers, anchors and references to other documents leave traces in the text; looking for them anywhere else is a walk saved. */
const TRACE = /^\$(?:(?:id|anchor|dynamicAnchor|recursiveAnchor)["']?\s*:|ref["']?\s*:\s*(?!\s*["']?#)\S)/;

const DOLLAR = 36;
/** `$recursiveAnchor" :`, or the first letter of a reference behind line breaks and an indent. */
const LONGEST_TRACE = 200;

/** Tried only where a `$` stands: a search for one character takes a fraction of what an expression takes over the whole text. */
function hasTraces(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(DOLLAR); at >= 0; at = bytes.indexOf(DOLLAR, at + 1)) {
    if (TRACE.test(bytes.toString("latin1", at, at + LONGEST_TRACE))) return true;
  }
  return false;
}

function unreadable(name: string, problem: TextProblem): ConfigError {
  const { code, message, line, column } = problem;
  const file = neutralize(name);
  const located: Problem = { code, message: neutralize(message), location: { file, line, column } };
  return new ConfigError(`${file} cannot be read: ${neutralize(message)}`, {
    code,
    problems: [located],
    hint: "Documents are JSON, NDJSON or YAML: OpenAPI, JSON Schema, samples or HAR",
  });
}

/** @throws ConfigError where there is too little memory for a document: the process would end without a word of ours */
function refuseHeavy(name: string, bytes: Buffer, { room }: Access): void {
  const left = room?.();
  if (left === undefined || bytes.length < left * LIGHT) return;
  const need = weightOf(bytes);
  if (need < left * SHARE) return;
  const file = neutralize(name);
  const inMb = (size: number) => Math.ceil(size / 1024 / 1024);
  const message = `It may take ${inMb(need / SHARE)} MB of memory, and ${inMb(left)} MB are left of what Node.js allows itself`;
  throw new ConfigError(`${file} cannot be read: ${message}`, {
    code: "document/too-large-for-memory",
    problems: [{ code: "document/too-large-for-memory", message, location: { file, line: 1, column: 1 } }],
    hint: "Allow more, as far as the machine has it: NODE_OPTIONS=--max-old-space-size=8192 integ …",
  });
}

async function parse(uri: string, name: string, read: Uint8Array, access: Access): Promise<Text> {
  if (read[0] === 0x1f && read[1] === 0x8b) {
    const message = "It is compressed with gzip: unpack it first";
    throw unreadable(name, { code: "document/compressed", message, line: 1, column: 1 });
  }
  const bytes = toUtf8(read);
  const hint = /\.(?:json|har|ndjson|jsonl)$/i.test(uri)
    ? "json"
    : /\.ya?ml$/i.test(uri)
      ? "yaml"
      : undefined;
  refuseHeavy(name, bytes, access);
  const parsed = await parseText(bytes, hint);
  if (!parsed.ok) throw unreadable(name, parsed.problem);
  const { format, value, problems, places } = parsed;
  return {
    document: { uri, file: name, root: value, identified: needsWalk(bytes, value) },
    format,
    bytes,
    places,
    problems,
  };
}

function needsWalk(bytes: Buffer, root: unknown): boolean {
  // `id` is everywhere in OpenAPI documents, and an identifier only in drafts that end with 4.
  const isApi = isObject(root) && dialectOfApi(root) !== undefined;
  return hasTraces(bytes) || (!isApi && bytes.includes("id"));
}

function dialectOf(root: unknown): Dialect {
  if (!isObject(root)) return DIALECTS["2020-12"];
  const named = stringOf(own(root, "$schema"));
  return (
    dialectOfApi(root) ?? (named === undefined ? undefined : dialectOfSchema(named)) ?? DIALECTS["2020-12"]
  );
}

/**
 * Loads a document and all documents that its references reach: a file or an http(s) URL, JSON, NDJSON or YAML by content.
 * References to other places than files below its directory or the working directory are refused unless they are allowed, those of a remote document to files
 * always; what cannot be loaded is a located problem, not a failure.
 * @throws ConfigError with the place where the document itself is no JSON or YAML, of an unknown version, or too large
 */
export async function loadDocument(
  source: string,
  access: Access,
  options: LoadOptions = {},
): Promise<LoadedDocument> {
  const remote = isUrl(source);
  const path = isAbsolute(source) ? source : resolve(access.cwd, source);
  const uri = remote ? new URL(source).href.replace(/#.*$/, "") : pathToFileURL(path).href;
  const bytes = remote
    ? await access.readUrl(uri, MAX_DOCUMENT_BYTES)
    : await access.readFile(path, MAX_DOCUMENT_BYTES);
  const first = await parse(uri, source, bytes, access);
  const homes = remote ? [] : [access.cwd, dirname(path)];
  return new Loader(first, { access, options, homes, bytes: bytes.byteLength }).load();
}

/**
 * Makes a document of a value that is already parsed, for those who use integ as a library.
 * @throws ConfigError where it is an OpenAPI document of an unknown version, or one without paths
 */
export function documentOf(value: unknown, name = "document"): LoadedDocument {
  const document = { uri: `memory:///${encodeURIComponent(name)}`, file: name, root: value };
  return assemble({ document, format: "json", bytes: Buffer.alloc(0), problems: [] });
}

function assemble(first: Text): LoadedDocument {
  const { document, format } = first;
  const library = new Library(dialectOf(document.root), document);
  const locator = new Locator();
  if (first.places) locator.add(document.file, first.places);
  const problems = new Problems();
  reportText(first, problems);
  reportDialect(document, library, problems);
  const kind = kindOf(document.root, format);
  const loaded: LoadedDocument = {
    name: document.file,
    kind,
    format,
    root: document.root,
    bytes: first.bytes,
    library,
    problems,
    locator,
  };
  refuseUnreadable(loaded);
  return loaded;
}

/** @throws ConfigError for plain text, and for an OpenAPI document of a version, or with paths, that nobody here can read */
function refuseUnreadable({ kind, format, root, name, library, locator }: LoadedDocument): void {
  // Any text is a YAML string: two of them would always be alike.
  if (format === "yaml" && typeof root === "string")
    throw unreadable(name, { code: "document/plain-text", message: "It is plain text", line: 1, column: 1 });
  const why = kind === "openapi" ? whyUnreadable(root) : undefined;
  if (!why) return;
  const [position] = locator.locate([{ file: library.entry.place.file, pointer: why.pointer }]);
  throw unreadable(name, { ...why, line: position?.line ?? 1, column: position?.column ?? 1 });
}

function reportText({ document: { file }, problems: found }: Text, problems: Problems): void {
  for (const { code, message, line, column } of found)
    problems.add(code, message, { file, pointer: "", line, column });
}

function reportDialect({ file, root }: ParsedDocument, library: Library, problems: Problems): void {
  const named = isObject(root) ? stringOf(own(root, "$schema")) : undefined;
  if (named === undefined || dialectOfSchema(named)) return;
  const message = `The dialect ${named} is not known here: read as ${library.entry.place.scope.dialect.name}`;
  problems.add("document/unknown-dialect", message, { file, pointer: "/$schema" });
}

interface Loading {
  access: Access;
  options: LoadOptions;
  /** Directories below which references may lead to files. */
  homes: readonly string[];
  /** How large the first document is. */
  bytes: number;
}

class Loader {
  readonly #access: Access;
  readonly #options: LoadOptions;
  readonly #loaded: LoadedDocument;
  readonly #homes: readonly string[];
  readonly #tried = new Set<string>();
  #bytes: number;

  constructor(first: Text, { access, options, homes, bytes }: Loading) {
    this.#access = access;
    this.#options = options;
    this.#homes = homes;
    this.#bytes = bytes;
    this.#loaded = assemble(first);
  }

  async load(): Promise<LoadedDocument> {
    for (let missing = this.#next(); missing; missing = this.#next()) {
      this.#tried.add(missing.uri);
      const refusal = this.#refusal(missing) ?? (await this.#fetch(missing));
      if (refusal !== undefined) this.#report(missing, refusal);
    }
    return this.#loaded;
  }

  #next(): Missing | undefined {
    return this.#loaded.library.missing().find(({ uri }) => !this.#tried.has(uri));
  }

  #refusal({ uri, place }: Missing): string | undefined {
    if (this.#tried.size > MAX_DOCUMENTS) return `more than ${MAX_DOCUMENTS} documents are referred to`;
    const { allowRemoteRefs, allowOutsideRefs } = this.#options;
    if (isUrl(uri))
      return allowRemoteRefs ? undefined : `it leads to a URL: ${wayOut(allowRemoteRefs, "remote")}`;
    if (!uri.startsWith("file:")) return "it leads to neither a file nor a URL";
    if (isUrl(place.scope.base) || isUrl(place.file)) return "a remote document may not refer to files";
    if (allowOutsideRefs || this.#homes.some((home) => isBelow(fileOf(uri), home))) return undefined;
    return `it leads out of the document's directory and the working directory: work in a directory above both, or ${wayOut(allowOutsideRefs, "outside")}`;
  }

  /** Loads one more document; the reason why not where that fails. */
  async #fetch({ uri }: Missing): Promise<string | undefined> {
    const left = MAX_DOCUMENT_BYTES - this.#bytes;
    try {
      const bytes = isUrl(uri)
        ? await this.#access.readUrl(uri, left)
        : await this.#access.readFile(fileOf(uri), left);
      this.#bytes += bytes.byteLength;
      const text = await parse(uri, isUrl(uri) ? uri : fileOf(uri), bytes, this.#access);
      // Whatever else a hostile reference leads to, such as a file of the system, is not looked into, nor quoted.
      if (!isContainer(text.document.root)) return "there is no document with schemas";
      this.#loaded.library.add(text.document);
      if (text.places) this.#loaded.locator.add(text.document.file, text.places);
      reportText(text, this.#loaded.problems);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #report({ reference, place }: Missing, reason: string): void {
    const source: Source = place.at("$ref");
    const message = `The reference ${reference} is not followed: ${reason}`;
    this.#loaded.problems.add("document/reference-not-followed", message, source);
  }
}

const wayOut = (allowed: boolean | undefined, which: "remote" | "outside"): string =>
  allowed === undefined ? "put all of it into one document first" : `allow it with \`--allow-${which}-refs\``;

const isContainer = (root: unknown): boolean =>
  typeof root === "boolean" || isObject(root) || Array.isArray(root);

function isBelow(file: string, directory: string): boolean {
  const path = relative(directory, file);
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

const fileOf = (uri: string): string => fileURLToPath(uri);
