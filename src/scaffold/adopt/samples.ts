import { type Expression, parseSync, type Statement } from "oxc-parser";
import type { PlaceInShape } from "../../contract/adopt/at-path.ts";
import { parsePath, type Step } from "../../contract/adopt/parse-path.ts";
import { emitLiteral } from "../emit/literal.ts";
import { allName } from "../emit/pages.ts";
import { camelCase } from "../names.ts";
import { sampleOf } from "../openapi/sample.ts";
import type { TextEdit } from "./amend.ts";

/** A place of an endpoint's answers that is not as it was. */
export interface ChangedPlace {
  endpoint: string;
  /** `$.data[*].amount` */
  path: string;
  /** What the answers have there now; undefined where they have nothing. */
  live: PlaceInShape | undefined;
}

type Literal = Extract<Expression, { type: "ObjectExpression" | "ArrayExpression" }>;

interface Sample {
  literal: Literal;
  /** The code that uses it. */
  around: string;
}

/** The literals of `const sample = …` among statements. */
function literalsIn(statements: readonly Statement[]): Literal[] {
  return statements.flatMap((statement) => {
    if (statement.type !== "VariableDeclaration") return [];
    return statement.declarations.flatMap(({ id, init }) => {
      if (id.type !== "Identifier" || id.name !== "sample") return [];
      return init?.type === "ObjectExpression" || init?.type === "ArrayExpression" ? [init] : [];
    });
  });
}

/** Every `const sample = …` of a test file, with the test that it stands in, or the file that it is for. */
function samplesIn(text: string): Sample[] {
  const statements = parseSync("client.test.ts", text).program.body.filter(
    (one): one is Statement => !/^(Import|Export)/.test(one.type),
  );
  const within = statements.flatMap((statement): Sample[] => {
    if (statement.type !== "ExpressionStatement" || statement.expression.type !== "CallExpression") return [];
    const body = statement.expression.arguments.find((one) => one.type === "ArrowFunctionExpression")?.body;
    if (body?.type !== "BlockStatement") return [];
    const around = text.slice(body.start, body.end);
    return literalsIn(body.body).map((literal) => ({ literal, around }));
  });
  return [...within, ...literalsIn(statements).map((literal) => ({ literal, around: text }))];
}

interface Place {
  value: Expression;
  entry?: { start: number; end: number };
}

function placesAt(node: Expression, [step, ...rest]: readonly Step[], entry?: Place["entry"]): Place[] {
  if (step === undefined) return [{ value: node, ...(entry ? { entry } : {}) }];
  if (step.kind === "item" && node.type === "ArrayExpression") {
    return node.elements.flatMap((item) =>
      item === null || item.type === "SpreadElement" ? [] : placesAt(item, rest),
    );
  }
  if (step.kind === "item" || node.type !== "ObjectExpression") return [];
  return node.properties.flatMap((property) => {
    if (property.type === "SpreadElement") return [];
    const { key, value, start, end } = property;
    const name =
      key.type === "Identifier" ? key.name : key.type === "Literal" ? String(key.value) : undefined;
    return step.kind === "member" || name === step.name ? placesAt(value, rest, { start, end }) : [];
  });
}

const indentAt = (text: string, offset: number) =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1))?.[0] ?? "";

function editOf(text: string, { value, entry }: Place, live: PlaceInShape | undefined): TextEdit[] {
  if (live) {
    const literal = emitLiteral(sampleOf(live.shape), indentAt(text, value.start));
    return [{ start: value.start, end: value.end, text: literal }];
  }
  // On a line of its own, as emitted; anything else a person wrote, and the schema takes what it does not know.
  if (!entry) return [];
  const indent = indentAt(text, entry.start).length;
  const rest = /^,?[ \t]*\r?\n/.exec(text.slice(entry.end))?.[0];
  const first = text.lastIndexOf("\n", entry.start - 1) + 1 + indent === entry.start;
  return rest && first ? [{ start: entry.start - indent, end: entry.end + rest.length, text: "" }] : [];
}

/** The edits that make the samples of an offline test what the API answers now. */
export function amendSamples(text: string, places: readonly ChangedPlace[]): TextEdit[] {
  return samplesIn(text).flatMap(({ literal, around }) => {
    // A test of the client calls one of the methods; that of the queue names the operation of its job.
    const own = places.filter(({ endpoint }) =>
      [`.${camelCase(endpoint)}(`, `.${allName(endpoint)}(`, `operation: "${endpoint}"`].some((use) =>
        around.includes(use),
      ),
    );
    return own.flatMap(({ path, live }) =>
      placesAt(literal, parsePath(path) ?? []).flatMap((place) => editOf(text, place, live)),
    );
  });
}
