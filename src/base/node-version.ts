/** What integ runs on, as `engines` of package.json says: Node that requires ES modules, without a word about it. */
export const NODES = "^20.19.0 || >=22.12.0";

/** The same, for people. */
export const NODES_IN_WORDS = "Node 20.19, or 22.12 or newer";

/** @param version without the `v` */
export function runsOn(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
}
