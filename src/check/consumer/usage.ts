import type { Segment } from "../path.ts";

/**
 * What a consumer schema wants of a place in the response:
 * `required` fails without it; `optional` reads it where it is; `unused` never looks at it; `closed` refuses it
 * (`z.strictObject`); `open` takes anything there (`z.unknown()`), so nobody can say whether it is read.
 */
export type Usage = "required" | "optional" | "open" | "closed" | "unused";

type Node = Record<string, unknown>;

interface Reached {
  node: Node;
  usage: Usage;
}

const STRENGTH: Readonly<Record<Usage, number>> = { unused: 0, closed: 1, open: 2, optional: 3, required: 4 };

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

const DEFINITIONS = "#/$defs/";

/** What zod refers to: the whole, or a definition. The id of one is any text; whether its signs are escaped depends on the zod. */
function referenced(ref: string, root: Node): Node | undefined {
  if (ref === "#") return root;
  if (!ref.startsWith(DEFINITIONS) || !isNode(root.$defs)) return undefined;
  const id = ref.slice(DEFINITIONS.length);
  const unescaped = id.replaceAll("~1", "/").replaceAll("~0", "~");
  const definitions = new Map(Object.entries(root.$defs));
  return [id, unescaped].map((name) => definitions.get(name)).find(isNode);
}

/** The schema itself and every schema it stands for: references, alternatives, parts. Cycles end by `seen`. */
function unfold(node: Node, root: Node, seen = new Set<Node>()): Node[] {
  if (seen.has(node)) return [];
  seen.add(node);
  const target = typeof node.$ref === "string" ? referenced(node.$ref, root) : undefined;
  const parts = [...nodes(node.anyOf), ...nodes(node.oneOf), ...nodes(node.allOf)];
  return [node, ...[...(target ? [target] : []), ...parts].flatMap((part) => unfold(part, root, seen))];
}

const ANNOTATIONS = new Set(["$schema", "title", "description", "default", "examples", "readOnly", "$defs"]);
const takesAnything = (node: Node) => Object.keys(node).every((keyword) => ANNOTATIONS.has(keyword));

const reach = (value: unknown, usage: Usage): Reached[] => (isNode(value) ? [{ node: value, usage }] : []);

function property(node: Node, name: string): Reached[] {
  const { properties, required, additionalProperties } = node;
  const own = isNode(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (own !== undefined) {
    const demanded = Array.isArray(required) && required.includes(name);
    return reach(own, demanded ? "required" : "optional");
  }
  if (additionalProperties === false) return [{ node: {}, usage: "closed" }];
  // Properties beside a rest are an open object that names what it needs; without them it is a dictionary.
  const dictionary = !isNode(properties) && isNode(additionalProperties);
  return dictionary ? reach(additionalProperties, "optional") : [];
}

function step(node: Node, segment: Segment): Reached[] {
  if (takesAnything(node)) return [{ node, usage: "open" }];
  if (segment.kind === "name") return property(node, segment.name);
  if (segment.kind === "item") {
    return [
      ...reach(node.items, "optional"),
      ...nodes(node.prefixItems).map((one) => ({ node: one, usage: "optional" as const })),
    ];
  }
  const named = isNode(node.properties) ? Object.values(node.properties).filter(isNode) : [];
  return [
    ...reach(node.additionalProperties, "optional"),
    ...named.map((one) => ({ node: one, usage: "optional" as const })),
  ];
}

/**
 * How the consumer uses the place that `path` leads to; where schemas offer alternatives, the strongest use counts.
 * @param schema JSON Schema 2020-12 as zod writes it
 */
export function usageOf(schema: Node, path: readonly Segment[]): Usage {
  let reached: Reached[] = [{ node: schema, usage: "required" }];
  for (const segment of path) {
    reached = reached.flatMap(({ node, usage }) => {
      if (usage === "closed") return [{ node, usage }];
      return unfold(node, schema).flatMap((part) => (part.$ref === undefined ? step(part, segment) : []));
    });
  }
  return reached.reduce<Usage>(
    (strongest, { usage }) => (STRENGTH[usage] > STRENGTH[strongest] ? usage : strongest),
    "unused",
  );
}
