/** One step of a JSONPath: a property, any item of an array, or any member of a dictionary. */
export type Segment = { kind: "name"; name: string } | { kind: "item" } | { kind: "member" };

const STEP = /\.\*|\[\*\]|\[\d+\]|\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/gy;

function nameOf(quoted: string): string {
  try {
    const text: unknown = JSON.parse(`"${quoted.replace(/\\'/g, "'").replace(/(?<!\\)"/g, '\\"')}"`);
    return typeof text === "string" ? text : quoted;
  } catch {
    return quoted;
  }
}

/** Reads the paths that findings carry (`$.data[*].email`, `$.rates.*`, `$['odd name']`); `undefined` for any other. */
export function parsePath(path: string): Segment[] | undefined {
  if (!path.startsWith("$")) return undefined;
  const rest = path.slice(1);
  const segments: Segment[] = [];
  let length = 0;
  for (const [all, bare, single, double] of rest.matchAll(STEP)) {
    length += all.length;
    const quoted = single ?? double;
    if (bare !== undefined) segments.push({ kind: "name", name: bare });
    else if (quoted !== undefined) segments.push({ kind: "name", name: nameOf(quoted) });
    else segments.push({ kind: all === ".*" ? "member" : "item" });
  }
  return length === rest.length ? segments : undefined;
}

/** The path of a value as zod names it, as segments: every index is any item. */
export function segmentsOf(path: readonly (string | number)[]): Segment[] {
  return path.map((key) => (typeof key === "number" ? { kind: "item" } : { kind: "name", name: key }));
}

/** RFC 9535 text of segments; names that are no identifiers in brackets. */
export function printPath(segments: readonly Segment[]): string {
  return segments.reduce((text, segment) => {
    if (segment.kind === "item") return `${text}[*]`;
    if (segment.kind === "member") return `${text}.*`;
    const plain = /^[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*$/.test(segment.name);
    return plain
      ? `${text}.${segment.name}`
      : `${text}['${JSON.stringify(segment.name).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}']`;
  }, "$");
}

function sameSegment(a: Segment, b: Segment): boolean {
  if (a.kind === "name" && b.kind === "name") return a.name === b.name;
  if (a.kind === b.kind) return true;
  // One of them says "any member", or speaks of an item where the other says any member.
  return (a.kind === "member" && b.kind !== "item") || (b.kind === "member" && a.kind !== "item");
}

/** Whether `prefix` leads to `path` or to something around it. */
export function startsWith(path: readonly Segment[], prefix: readonly Segment[]): boolean {
  return (
    prefix.length <= path.length &&
    prefix.every((segment, index) => {
      const other = path[index];
      return other !== undefined && sameSegment(segment, other);
    })
  );
}
