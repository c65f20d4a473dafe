/** How one TypeScript takes its types apart. */
export interface TypeAnatomy<Type> {
  /** Members of a union or items of an array: what is read through the type is read of these. */
  parts(type: Type): readonly Type[] | undefined;
  /** The named properties of an object type, with where they are declared. */
  own(type: Type): readonly { name: string; declared: readonly string[] }[];
}

/** Longer chains of arrays of unions are nobody's response. */
const DEEPEST = 5;

/** Every property that a value of a type may be read by, and where it is declared. */
export function propertiesOf<Type>(
  type: Type,
  anatomy: TypeAnatomy<Type>,
  depth = 0,
): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const add = (name: string, declared: readonly string[]) => {
    if (declared.length > 0) found.set(name, [...(found.get(name) ?? []), ...declared]);
  };
  const parts = depth > DEEPEST ? [] : anatomy.parts(type);
  for (const part of parts ?? []) {
    for (const [name, declared] of propertiesOf(part, anatomy, depth + 1)) add(name, declared);
  }
  if (!parts) for (const { name, declared } of anatomy.own(type)) add(name, declared);
  return found;
}
