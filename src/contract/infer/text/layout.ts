import type { TagPlaces } from "../tags.ts";

/**
 * The names of an object in their order, as a node of a tree in which each name leads to the next. Each place of objects has a
 * tree of its own: objects of one place have few orders, so that a name is mostly the one that came there last, and never made
 * anew.
 */
export interface Layout {
  /** Without names: where every object of the place begins. undefined in the root itself. */
  readonly root: Layout | undefined;
  readonly parent: Layout | undefined;
  readonly name: string;
  /** How many names lead here. */
  readonly size: number;
  /** In a root, how many layouts its tree has. */
  layouts: number;
  children: Map<string, Layout> | undefined;
  /** The name that followed last. */
  guess: Layout | undefined;
  /** The name's UTF-16 units; made when it is guessed. */
  units: Uint16Array | undefined;
  /** Root of the objects in the value of the name; in a root, of those in values without a layout. */
  inner: Layout | undefined;
  /** All names from the first on; made when an object first ends here. */
  names: readonly string[] | undefined;
  /** Which of the names are tags. */
  tags: TagPlaces | undefined;
  /** The group of the last object that ended here, and the words that it rests on. */
  group: { one: string | undefined; two: string | undefined; name: string } | undefined;
}

/** More names than these are a dictionary's: they have no layout. */
const MAX_NAMES = 256;
/** A place with more layouts than these has data for names: no further ones are made. */
const MAX_LAYOUTS = 256;

export function createLayout(parent?: Layout, name = ""): Layout {
  return {
    root: parent?.root ?? parent,
    parent,
    name,
    size: parent === undefined ? 0 : parent.size + 1,
    layouts: 0,
    children: undefined,
    guess: undefined,
    units: undefined,
    inner: undefined,
    names: undefined,
    tags: undefined,
    group: undefined,
  };
}

/** The layout with one more name; undefined where it is there already, and where none is made any more. */
export function withName(layout: Layout, name: string): Layout | undefined {
  const known = layout.children?.get(name);
  if (known !== undefined) return known;
  const root = layout.root ?? layout;
  if (layout.size >= MAX_NAMES || root.layouts >= MAX_LAYOUTS || hasName(layout, name)) return undefined;
  root.layouts++;
  const child = createLayout(layout, name);
  layout.children ??= new Map();
  layout.children.set(name, child);
  return child;
}

function hasName(layout: Layout, name: string): boolean {
  for (let at: Layout | undefined = layout; at?.parent !== undefined; at = at.parent) {
    if (at.name === name) return true;
  }
  return false;
}

/** Expects this name the next time: one that stands in the text as it is, without escapes. */
export function guessNext(layout: Layout, next: Layout): void {
  const { name } = next;
  next.units ??= Uint16Array.from({ length: name.length }, (_, at) => name.charCodeAt(at));
  layout.guess = next;
}

/** The names of a layout in their order: always the same array. */
export function namesOf(layout: Layout): readonly string[] {
  if (layout.names !== undefined) return layout.names;
  const names: string[] = [];
  for (let at: Layout | undefined = layout; at?.parent !== undefined; at = at.parent) names.push(at.name);
  layout.names = names.reverse();
  return layout.names;
}
