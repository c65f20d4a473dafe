import { type Places, placesIn, spreadsOf } from "./places.ts";
import { type Bonds, filesReaching } from "./reach.ts";
import { type Declared, declaredKey, fileKey, type Program, type SyntaxNode } from "./syntax.ts";

/** One property of a response: where its name is declared, and those of the properties around it, outermost first. */
export type Chain = readonly (Declared & { name: string })[];

/** A line of the codebase. */
export interface ReaderPlace {
  /** Absolute path. */
  file: string;
  /** From 1. */
  line: number;
  column: number;
}

/** Who reads a property. */
export interface Readers {
  reads: ReaderPlace[];
  /** Where an object that holds it goes on as a whole, to code whose types no longer name the property. */
  passes: ReaderPlace[];
  /** Code that no tsconfig.json has can see the schemas: who else reads it is not known. */
  unseen?: true | undefined;
}

/** How a chain is called in maps. */
export const chainKey = (chain: Chain) => chain.map(declaredKey).join(" ");

interface Found {
  reads: Map<string, ReaderPlace>;
  passes: Map<string, ReaderPlace>;
}

function placeOf(file: string, tree: SyntaxNode, node: SyntaxNode): ReaderPlace {
  const start = node.getStart();
  const before = (tree.text ?? "").slice(0, start);
  return { file, line: before.split("\n").length, column: start - before.lastIndexOf("\n") };
}

/** One line counts once: more columns of it tell nobody more. */
function note(into: Map<string, ReaderPlace>, place: ReaderPlace): void {
  const key = `${place.file}:${place.line}`;
  if (!into.has(key)) into.set(key, place);
}

const inOrder = (places: ReadonlyMap<string, ReaderPlace>) =>
  [...places.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));

/** What a file is asked with. */
interface Search<Type> {
  program: Program<Type>;
  /** Chains by the declaration they end in. */
  byLeaf: ReadonlyMap<string, readonly Found[]>;
  /** Chains by every declaration in them. */
  byLink: ReadonlyMap<string, readonly Found[]>;
  linkNames: ReadonlySet<string>;
  /** The files that declare what is asked for, by `fileKey`. */
  declaring: ReadonlySet<string>;
}

/** The declarations of links that a type has. */
function linksOf<Type>(type: Type, { program, byLink, linkNames }: Search<Type>): string[] {
  const properties = program.propertiesOf(type);
  if (properties.size === 0) return [];
  return [...linkNames].flatMap((name) => (properties.get(name) ?? []).filter((key) => byLink.has(key)));
}

const hasLinks = <Type>(type: Type | undefined, search: Search<Type>) =>
  type !== undefined && linksOf(type, search).length > 0;

/** Of the links that a value has those which the place it goes to does not name. */
function lostLinks<Type>(
  { value, outer }: Places["outlets"][number],
  links: readonly string[],
  search: Search<Type>,
): readonly string[] {
  const { program } = search;
  const around = program.wantedAt(outer);
  const isArgument = outer.parent.arguments !== undefined;
  if (around === undefined) return isArgument ? links : [];
  if (program.isOpaque(around)) return links;
  const wanted = value === outer ? around : program.wantedAt(value);
  if (wanted === undefined) return [];
  if (program.isOpaque(wanted)) return links;
  const kept = new Set(linksOf(wanted, search));
  return links.filter((link) => !kept.has(link));
}

/**
 * Leaves out the object literals that take no link from anywhere: what they name is declared in themselves. Each of them has a
 * type of its own, and to ask for the properties of all would be most of the questions.
 */
function mayHoldLinks<Type>(outlets: Places["outlets"], search: Search<Type>): Places["outlets"] {
  const { program } = search;
  const spreads = outlets.map(({ value }) => spreadsOf(value, program.kinds));
  const all = spreads.flatMap((some) => some ?? []);
  const types = all.length === 0 ? [] : program.typesAt(all);
  const linked = new Set(all.filter((_, at) => hasLinks(types[at], search)));
  return outlets.filter((_, at) => spreads[at]?.some((spread) => linked.has(spread)) ?? true);
}

function searchFile<Type>(
  file: string,
  tree: SyntaxNode,
  search: Search<Type>,
  names: ReadonlySet<string>,
): void {
  const { program, byLeaf, byLink, declaring } = search;
  const { names: named, lookups, outlets: all, computed } = placesIn(tree, program.kinds, names);
  const outlets = declaring.has(fileKey(file)) ? all : mayHoldLinks(all, search);
  const read = (keys: readonly string[], node: SyntaxNode) => {
    for (const key of keys) {
      for (const { reads } of byLeaf.get(key) ?? []) note(reads, placeOf(file, tree, node));
    }
  };
  const pass = (keys: readonly string[], node: SyntaxNode) => {
    for (const key of keys) {
      for (const { passes } of byLink.get(key) ?? []) note(passes, placeOf(file, tree, node));
    }
  };
  if (named.length > 0) {
    for (const [index, keys] of program.declarationsAt(named).entries()) {
      const node = named[index];
      if (node) read(keys, node);
    }
  }
  const values = [...lookups.map(({ of }) => of), ...outlets.map(({ value }) => value), ...computed];
  if (values.length === 0) return;
  const types = program.typesAt(values);
  for (const [index, type] of types.entries()) {
    if (type === undefined) continue;
    const lookup = lookups[index];
    if (lookup) {
      read(program.propertiesOf(type).get(lookup.name) ?? [], lookup.at);
      continue;
    }
    const outlet = outlets[index - lookups.length];
    const node = values[index];
    if (!outlet && program.isList(type)) continue;
    const links = linksOf(type, search);
    if (links.length > 0 && node) pass(outlet ? lostLinks(outlet, links, search) : links, node);
  }
}

/**
 * Finds who reads each of `chains` in the files of `programs` that `counts` takes: by the types, so that a property of the
 * same name of another type does not count. What is assigned or deleted is not read. A chain whose schemas are in none of the
 * programs has no entry in the answer.
 */
export function searchReaders(
  programs: readonly Program[],
  chains: readonly Chain[],
  { bonds, counts }: { bonds: Bonds; counts(file: string): boolean },
): Map<string, Readers> {
  const found = new Map<string, Found>();
  const byLeaf = new Map<string, Found[]>();
  const byLink = new Map<string, Found[]>();
  const leafNames = new Set<string>();
  const linkNames = new Set<string>();
  for (const chain of chains) {
    const leaf = chain.at(-1);
    if (!leaf || found.has(chainKey(chain))) continue;
    const one: Found = { reads: new Map(), passes: new Map() };
    found.set(chainKey(chain), one);
    byLeaf.set(declaredKey(leaf), [...(byLeaf.get(declaredKey(leaf)) ?? []), one]);
    leafNames.add(leaf.name);
    for (const link of chain) {
      byLink.set(declaredKey(link), [...(byLink.get(declaredKey(link)) ?? []), one]);
      linkNames.add(link.name);
    }
  }
  const seen = new Set<string>();
  const looked = new Set(programs.flatMap(({ files }) => files.map(fileKey)));
  const declaring = new Set(chains.flatMap((chain) => chain.map(({ file }) => fileKey(file))));
  for (const program of programs) {
    const search: Search<unknown> = { program, byLeaf, byLink, linkNames, declaring };
    const all = [...program.files, ...program.declarations];
    const reaching = new Set(filesReaching(all, (file) => declaring.has(fileKey(file)), bonds));
    for (const file of program.files) {
      if (!reaching.has(file) || seen.has(file) || !counts(file)) continue;
      seen.add(file);
      const tree = program.tree(file);
      if (tree) searchFile(file, tree, search, leafNames);
    }
  }
  // Schemas that no program has are read by nobody there; that says nothing.
  const known = chains.filter((chain) => looked.has(fileKey(chain.at(-1)?.file ?? "")));
  return new Map(
    known.flatMap((chain) => {
      const one = found.get(chainKey(chain));
      return one ? [[chainKey(chain), { reads: inOrder(one.reads), passes: inOrder(one.passes) }]] : [];
    }),
  );
}
