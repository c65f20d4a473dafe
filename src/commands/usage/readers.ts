import { relative, sep } from "node:path";
import type { Context } from "../../base/context.ts";
import type { SchemaLocator } from "../../check/consumer/source/locate.ts";
import { parsePath } from "../../check/path.ts";
import { chainOf } from "../../check/readers/chain.ts";
import { findReaders } from "../../check/readers/find.ts";
import { type Chain, chainKey, type ReaderPlace } from "../../check/readers/search.ts";
import { whereabouts } from "../../check/rooms.ts";
import type { Project } from "../../config/project.ts";
import { type EndpointUse, type FieldUse, isUsed } from "./fields.ts";

/** Looks up who reads the fields that our schemas read, all in one search; gives why that is not known. */
export async function addReaders(
  uses: readonly EndpointUse[],
  project: Project,
  locator: SchemaLocator,
  { cwd, signal }: Pick<Context, "cwd" | "signal">,
): Promise<{ uses: EndpointUse[]; unknown?: string }> {
  const chains = new Map<FieldUse, Chain>();
  for (const { target, fields = [] } of uses) {
    for (const field of fields.filter(isUsed)) {
      const chain = chainOf(target, parsePath(field.path) ?? [], locator);
      if (chain) chains.set(field, chain);
    }
  }
  const found = await findReaders([...chains.values()], { ...whereabouts(project), signal });
  if ("unknown" in found) return { uses: [...uses], unknown: found.unknown };
  const shown = ({ file, line }: ReaderPlace) => `${relative(cwd, file).split(sep).join("/")}:${line}`;
  const withReaders = (field: FieldUse): FieldUse => {
    const chain = chains.get(field);
    const readers = chain && found.readers.get(chainKey(chain));
    if (!readers || (readers.unseen && readers.reads.length + readers.passes.length === 0)) return field;
    return { ...field, readBy: readers.reads.map(shown), passedOnAt: readers.passes.map(shown) };
  };
  return { uses: uses.map((use) => (use.fields ? { ...use, fields: use.fields.map(withReaders) } : use)) };
}
