import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Location } from "../../../base/errors.ts";
import { importCandidates } from "../../imports.ts";
import type { Segment } from "../../path.ts";
import { locationIn } from "./location.ts";
import { type ModuleSource, parseModule } from "./module.ts";
import { exportOf, type FindModule, itemOf, memberOf, propertyOf, type Value, valuesOf } from "./resolve.ts";

/** Where a path of the response is written in the consumer's schema. */
export interface SchemaPlace {
  location: Location;
  /** Offset of the place in its file, in UTF-16 code units. */
  offset: number;
  /** Whether the last step is written as a property of an object, and the place is its name. */
  named: boolean;
  /** How many steps of the path the source was followed; fewer than asked where it cannot be read further. */
  depth: number;
}

/** A stretch of a file's text, in UTF-16 code units. */
export interface Span {
  start: number;
  end: number;
}

/** How a schema is written at a path of the response. */
export interface WrittenSchema {
  /** Absolute. */
  file: string;
  /** What is said of the value. */
  value: Span;
  /** Where it is a property: the whole entry, and the name in it. */
  property?: { entry: Span; name: Span };
  /** Where it is an enum whose values are written out in this file: their list, in its brackets. */
  members?: Span;
}

/** Finds lines of consumer schemas; reads each file once. */
export interface SchemaLocator {
  /** The source of the schema at a path; undefined where it cannot be followed that far. */
  written(file: string, exportName: string, path: readonly Segment[]): WrittenSchema | undefined;
  locate(file: string, exportName: string, path: readonly Segment[]): SchemaPlace | undefined;
}

/** Opens a locator over the files that `read` gives; `undefined` for a file that is not there. */
export function schemaLocator(read: (file: string) => string | undefined = readText): SchemaLocator {
  const modules = new Map<string, ModuleSource | undefined>();
  const open = (file: string): ModuleSource | undefined => {
    if (modules.has(file)) return modules.get(file);
    const text = read(file);
    const module = text === undefined ? undefined : parseModule(file, text);
    modules.set(file, module);
    return module;
  };
  const find: FindModule = (from, importer) => {
    if (!from.startsWith(".")) return undefined;
    for (const file of importCandidates(resolve(dirname(importer), from))) {
      const module = open(file);
      if (module) return module;
    }
    return undefined;
  };
  return {
    locate: (file, exportName, path) => {
      const module = open(file);
      return module && follow(module, exportName, path, find);
    },
    written: (file, exportName, path) => {
      const module = open(file);
      return module && writtenAt(module, exportName, path, find);
    },
  };
}

function writtenAt(
  module: ModuleSource,
  exportName: string,
  path: readonly Segment[],
  find: FindModule,
): WrittenSchema | undefined {
  let value = exportOf(module, exportName, find);
  let property: WrittenSchema["property"];
  for (const segment of path) {
    if (!value) return undefined;
    const found = segment.kind === "name" ? propertyOf(value, segment.name, find) : undefined;
    property = found && { entry: found.entry, name: { start: found.start, end: found.end } };
    if (segment.kind === "item") value = itemOf(value, find);
    else value = found?.value ?? memberOf(value, find);
  }
  if (!value) return undefined;
  const { start, end } = value.node;
  const { file } = value.scope.module;
  const list = valuesOf(value, find);
  const own = list?.scope.module.file === file ? list.node : undefined;
  return {
    file,
    value: { start, end },
    ...(property ? { property } : {}),
    ...(own ? { members: { start: own.start, end: own.end } } : {}),
  };
}

function follow(
  module: ModuleSource,
  exportName: string,
  path: readonly Segment[],
  find: FindModule,
): SchemaPlace | undefined {
  let value = exportOf(module, exportName, find);
  if (!value) return undefined;
  let place = exportPlace(module, exportName, value);
  for (const [index, segment] of path.entries()) {
    if (segment.kind === "name") {
      const property = propertyOf(value, segment.name, find);
      // A name may be a member of a dictionary; then the dictionary is the place.
      const next: Value | undefined = property?.value ?? memberOf(value, find);
      if (!next) return place;
      if (property) {
        place = {
          location: locationIn(property.module, property.start, property.end),
          offset: property.start,
          named: true,
          depth: index + 1,
        };
      } else place = { ...place, named: false, depth: index + 1 };
      value = next;
    } else {
      const next: Value | undefined = segment.kind === "item" ? itemOf(value, find) : memberOf(value, find);
      if (!next) return place;
      place = { ...place, named: false, depth: index + 1 };
      value = next;
    }
  }
  return place;
}

function exportPlace(module: ModuleSource, name: string, value: Value): SchemaPlace {
  const entry = module.exports.get(name);
  const defined = typeof entry === "string" ? module.definitions.get(entry) : undefined;
  if (defined)
    return {
      location: locationIn(module, defined.start, defined.end),
      offset: defined.start,
      named: false,
      depth: 0,
    };
  const { node, scope } = value;
  return {
    location: locationIn(scope.module, node.start, node.start + 1),
    offset: node.start,
    named: false,
    depth: 0,
  };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
