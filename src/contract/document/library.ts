import type { Dialect } from "./dialect.ts";
import { dialectOfApi, dialectOfSchema } from "./dialect.ts";
import { isObject, type JsonObject, own, stringOf } from "./json.ts";
import { Place, pointerKeys, type Scope } from "./place.ts";

/** A value of a document, and where it stands. */
export interface Found {
  value: unknown;
  place: Place;
}

/** One parsed document, under the absolute URI it came from. */
export interface ParsedDocument {
  uri: string;
  /** As people call it in messages: a path as they wrote it, or a URL. */
  file: string;
  root: unknown;
  /** Whether identifiers, anchors or references to other documents may occur; looking for them costs a walk. Default: yes. */
  identified?: boolean;
}

/** A reference to a document that is not here. */
export interface Missing {
  /** Absolute, without fragment. */
  uri: string;
  reference: string;
  place: Place;
}

/** Values are data there, not schemas: what looks like a reference in them is none. */
const DATA = new Set(["default", "example", "examples", "enum", "const"]);

/** Their members are named by the author: a property may be called `example`. */
const NAMED = new Set([
  "properties",
  "patternProperties",
  "dependentSchemas",
  "definitions",
  "$defs",
  "schemas",
]);

interface Step extends Found {
  named: boolean;
}

/**
 * Documents that refer to one another, and where every reference leads. All of them are loaded beforehand (`load.ts`), so
 * that reading is synchronous and can touch neither files nor network.
 */
export class Library {
  readonly #resources = new Map<string, Found>();
  readonly #anchors = new Map<string, Found>();
  readonly #dynamic = new Set<string>();
  readonly #resolved = new Map<string, Map<string, Found | undefined>>();
  readonly #references = new Map<string, Missing>();
  readonly #entry: Found;

  /**
   * @param dialect what the document follows where it does not say so itself; so do documents added later
   * @param document the one that was asked for
   */
  constructor(dialect: Dialect, document: ParsedDocument) {
    this.#entry = this.#add(document, dialect);
  }

  /** The root of the document that was asked for. */
  get entry(): Found {
    return this.#entry;
  }

  /** A document that others refer to. Nothing may have been resolved yet. */
  add(document: ParsedDocument): void {
    this.#add(document, this.#entry.place.scope.dialect);
  }

  /** References found so far to documents that are not here, one for each document. */
  missing(): Missing[] {
    return [...this.#references.values()].filter(({ uri }) => !this.#resources.has(uri));
  }

  /** What a reference leads to; `undefined` where that is not there. */
  resolve(reference: string, from: Place): Found | undefined {
    const { base } = from.scope;
    const known = this.#resolved.get(base) ?? new Map<string, Found | undefined>();
    this.#resolved.set(base, known);
    if (known.has(reference)) return known.get(reference);
    const found = this.#lookUp(reference, base);
    known.set(reference, found);
    return found;
  }

  /**
   * What a `$dynamicRef` leads to: the anchor of that name in the document that was asked for where it is dynamic there, else what
   * a `$ref` would lead to.
   */
  resolveDynamic(reference: string, from: Place): Found | undefined {
    const target = this.resolve(reference, from);
    const name = reference.slice(reference.indexOf("#") + 1);
    if (!target || !isObject(target.value) || target.value["$dynamicAnchor"] !== name) return target;
    const outermost = `${this.#entry.place.scope.base}#${name}`;
    return this.#dynamic.has(outermost) ? this.#anchors.get(outermost) : target;
  }

  /** As `resolveDynamic`, for `$recursiveRef` of 2019-09. */
  resolveRecursive(from: Place): Found | undefined {
    const target = this.resolve("#", from);
    const recursive = (found: Found | undefined) =>
      isObject(found?.value) && found.value["$recursiveAnchor"] === true;
    return recursive(target) && recursive(this.#entry) ? this.#entry : target;
  }

  /** The place of a schema with what its own identifier and dialect make of the scope. */
  placeOf(schema: JsonObject, place: Place): Place {
    if (place.settled) return place;
    const scope = this.#scopeOf(schema, place.scope);
    return scope === place.scope ? place : place.within(scope);
  }

  #scopeOf(schema: JsonObject, scope: Scope): Scope {
    const named = stringOf(schema["$schema"]);
    const dialect = (named === undefined ? undefined : dialectOfSchema(named)) ?? scope.dialect;
    const id = identifierOf(schema, dialect);
    const base = id === undefined ? scope.base : (absolute(id, scope.base) ?? scope.base);
    return base === scope.base && dialect === scope.dialect ? scope : { base, dialect };
  }

  #add({ uri, file, root, identified = true }: ParsedDocument, inherited: Dialect): Found {
    const dialect = (isObject(root) ? dialectOfApi(root) : undefined) ?? inherited;
    const outer: Scope = { base: uri, dialect };
    const scope = isObject(root) ? this.#scopeOf(root, outer) : outer;
    const found = { value: root, place: new Place(file, scope) };
    this.#resources.set(uri, found);
    if (scope.base !== uri && !this.#resources.has(scope.base)) this.#resources.set(scope.base, found);
    const self = dialect.openapi ? selfOf(root, uri) : undefined;
    if (self !== undefined && !this.#resources.has(self)) this.#resources.set(self, found);
    if (identified) this.#index(found);
    return found;
  }

  /** Finds identifiers, anchors and references, by a work list: documents can be nested deeper than the stack, and in a ring. */
  #index(root: Found): void {
    const seen = new Set<unknown>();
    const work: Step[] = [{ ...root, named: false }];
    for (let step = work.pop(); step; step = work.pop()) {
      const { value, place, named } = step;
      if (seen.has(value)) continue;
      seen.add(value);
      if (Array.isArray(value)) {
        for (const [index, item] of value.entries())
          if (isContainer(item)) work.push({ value: item, place: place.at(index), named: false });
      } else if (isObject(value)) {
        const here = named ? place : this.#register(value, place);
        for (const [key, item] of Object.entries(value)) {
          if (!isContainer(item) || (!named && DATA.has(key))) continue;
          work.push({ value: item, place: here.at(key), named: !named && NAMED.has(key) });
        }
      }
    }
  }

  #register(value: JsonObject, place: Place): Place {
    const here = this.placeOf(value, place);
    const { scope } = here;
    const found = { value, place: here };
    if (scope.base !== place.scope.base && !this.#resources.has(scope.base))
      this.#resources.set(scope.base, found);
    for (const anchor of anchorsOf(value)) {
      const name = `${scope.base}#${anchor}`;
      if (!this.#anchors.has(name)) this.#anchors.set(name, found);
      if (value["$dynamicAnchor"] === anchor) this.#dynamic.add(name);
    }
    const reference = stringOf(own(value, "$ref"));
    if (reference !== undefined && !reference.startsWith("#")) this.#remember(reference, here);
    return here;
  }

  #remember(reference: string, place: Place): void {
    const uri = absolute(reference, place.scope.base);
    if (uri !== undefined && !this.#references.has(uri)) this.#references.set(uri, { uri, reference, place });
  }

  #lookUp(reference: string, base: string): Found | undefined {
    const hash = reference.indexOf("#");
    const uri = hash < 0 ? reference : reference.slice(0, hash);
    const fragment = hash < 0 ? "" : reference.slice(hash + 1);
    const target = uri === "" ? base : absolute(uri, base);
    const resource = target === undefined ? undefined : this.#resources.get(target);
    if (!resource) return undefined;
    if (fragment !== "" && !fragment.startsWith("/"))
      return this.#anchors.get(`${resource.place.scope.base}#${fragment}`);
    return this.#follow(resource, pointerKeys(fragment));
  }

  #follow(from: Found, keys: readonly string[]): Found | undefined {
    let { value, place } = from;
    for (const key of keys) {
      if (Array.isArray(value) && /^(?:0|[1-9]\d*)$/.test(key) && Number(key) < value.length) {
        value = value[Number(key)];
      } else if (isObject(value) && Object.hasOwn(value, key)) {
        value = value[key];
      } else return undefined;
      place = place.at(key);
      if (isObject(value)) place = this.placeOf(value, place);
    }
    return { value, place };
  }
}

/**
 * What a document of OpenAPI 3.2 calls itself. References to that name lead to it; relative ones go on from where it was read,
 * since that is where the other files are.
 */
function selfOf(root: unknown, uri: string): string | undefined {
  const self = isObject(root) ? stringOf(own(root, "$self")) : undefined;
  return self === undefined ? undefined : absolute(self, uri);
}

const isContainer = (value: unknown): boolean => typeof value === "object" && value !== null;

function identifierOf(schema: JsonObject, { draft, openapi }: Dialect): string | undefined {
  const id = stringOf(draft === 4 ? schema["id"] : schema["$id"]);
  // A property named `$id` is a schema, not a string; in drafts 6 and 7 `#name` is an anchor.
  if (id === undefined || id.startsWith("#") || (openapi && !id.includes(":") && !id.includes("/")))
    return undefined;
  return id.replace(/#$/, "");
}

function anchorsOf(schema: JsonObject): string[] {
  const anchors = [stringOf(own(schema, "$anchor")), stringOf(own(schema, "$dynamicAnchor"))];
  for (const id of [stringOf(own(schema, "$id")), stringOf(own(schema, "id"))])
    if (id?.startsWith("#") && id.length > 1) anchors.push(id.slice(1));
  return anchors.filter((anchor) => anchor !== undefined);
}

/** A reference without fragment as an absolute URI; `undefined` where it is none. */
export function absolute(reference: string, base: string): string | undefined {
  if (!URL.canParse(reference, base)) return undefined;
  const url = new URL(reference, base);
  url.hash = "";
  return url.href;
}
