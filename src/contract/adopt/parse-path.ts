/** One step of the paths that findings carry. */
export type Step = { kind: "property"; name: string } | { kind: "item" } | { kind: "member" };

const STEP = /\.\*|\[\*\]|\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/gy;

/** Reads `$.data[*].email`, `$.rates.*`, `$['odd name']`; undefined for anything else. */
export function parsePath(path: string): Step[] | undefined {
  if (!path.startsWith("$")) return undefined;
  const rest = path.slice(1);
  const steps: Step[] = [];
  let length = 0;
  for (const [all, bare, quoted] of rest.matchAll(STEP)) {
    length += all.length;
    if (bare !== undefined) steps.push({ kind: "property", name: bare });
    else if (quoted !== undefined) steps.push({ kind: "property", name: unquote(quoted) });
    else steps.push({ kind: all === ".*" ? "member" : "item" });
  }
  return length === rest.length ? steps : undefined;
}

function unquote(text: string): string {
  const json = text
    .replaceAll("\\'", "'")
    .replace(/(\\*)"/g, (all, slashes: string) => (slashes.length % 2 ? all : `${slashes}\\"`));
  const value: unknown = JSON.parse(`"${json}"`);
  return String(value);
}
