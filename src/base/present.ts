/** An object whose keys all hold something. */
export type Present<T> = T extends unknown ? { [K in keyof T]: Exclude<T[K], undefined> } : never;

/** The same object without keys that hold nothing. */
export function present<T extends object>(given: T): Present<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Present<T>;
}
