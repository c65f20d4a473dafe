import type { Kinds, SyntaxNode } from "./syntax.ts";

/** A name that is looked up in the type of a value: in a pattern, or before `in`. */
export interface Lookup {
  /** The pattern or value whose type has the property. */
  of: SyntaxNode;
  name: string;
  at: SyntaxNode;
}

/** An expression in a place that may have a type of its own, in which the property is no longer to be seen. */
export interface Outlet {
  value: SyntaxNode;
  /** The literal around it that goes there as a whole; the value itself where there is none. */
  outer: SyntaxNode;
}

/** What has to be asked about a file. */
export interface Places {
  /** Names behind a dot or in brackets; their own symbol is the property. */
  names: SyntaxNode[];
  lookups: Lookup[];
  outlets: Outlet[];
  /** Values read by a name that is computed, or one after the other. */
  computed: SyntaxNode[];
}

/** What an object literal takes its properties from besides naming them; undefined for anything else. */
export function spreadsOf(node: SyntaxNode, k: Kinds): SyntaxNode[] | undefined {
  if (node.kind !== k.ObjectLiteralExpression) return undefined;
  return childrenOf(node).flatMap(({ kind, expression }) =>
    kind === k.SpreadAssignment && expression ? [expression] : [],
  );
}

const textOf = (node: SyntaxNode | undefined) => node?.text;

/** The values of an object or array literal, of both sides of a choice; what is a whole of its own ends it. */
function valuesIn(node: SyntaxNode, k: Kinds): SyntaxNode[] {
  switch (node.kind) {
    case k.ParenthesizedExpression:
    case k.SpreadElement:
      return node.expression ? valuesIn(node.expression, k) : [];
    case k.ConditionalExpression:
      return [node.whenTrue, node.whenFalse].flatMap((side) => (side ? valuesIn(side, k) : []));
    case k.ArrayLiteralExpression:
      return childrenOf(node).flatMap((item) => valuesIn(item, k));
    case k.ObjectLiteralExpression:
      return [
        node,
        ...childrenOf(node).flatMap((property) => {
          if (property.kind === k.ShorthandPropertyAssignment) return property.name ? [property.name] : [];
          return property.kind === k.PropertyAssignment && property.initializer
            ? valuesIn(property.initializer, k)
            : [];
        }),
      ];
    case k.Identifier:
    case k.PropertyAccessExpression:
    case k.ElementAccessExpression:
    case k.CallExpression:
    case k.AwaitExpression:
    case k.NonNullExpression:
      return [node];
    default:
      return [];
  }
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  node.forEachChild((child) => {
    children.push(child);
    return undefined;
  });
  return children;
}

/** The expressions that a node hands to a place with a type of its own. */
function handedOn(node: SyntaxNode, k: Kinds): readonly (SyntaxNode | undefined)[] {
  switch (node.kind) {
    case k.CallExpression:
    case k.NewExpression:
      return node.arguments ?? [];
    case k.VariableDeclaration:
    case k.PropertyDeclaration:
    case k.Parameter:
      return node.type ? [node.initializer] : [];
    case k.ArrowFunction:
      return [node.body];
    case k.BinaryExpression:
      return node.operatorToken?.kind === k.EqualsToken && node.left?.kind !== k.ObjectLiteralExpression
        ? [node.right]
        : [];
    case k.ReturnStatement:
    case k.YieldExpression:
    case k.AsExpression:
    case k.SatisfiesExpression:
    case k.JsxExpression:
    case k.JsxSpreadAttribute:
      return [node.expression];
    default:
      return [];
  }
}

const isAssignedTo = (node: SyntaxNode, k: Kinds) =>
  node.parent.kind === k.BinaryExpression &&
  node.parent.operatorToken?.kind === k.EqualsToken &&
  node.parent.left === node;

const isWritten = (node: SyntaxNode, k: Kinds) =>
  isAssignedTo(node, k) || node.parent.kind === k.DeleteExpression;

const isLiteralText = (node: SyntaxNode | undefined, k: Kinds) =>
  node?.kind === k.StringLiteral || node?.kind === k.NoSubstitutionTemplateLiteral;

/** `Thing.shape.email` is the schema, not what comes of it. */
const isOfSchema = ({ expression }: SyntaxNode) => textOf(expression?.name) === "shape";

function patternLookups(pattern: SyntaxNode, k: Kinds, names: ReadonlySet<string>): Lookup[] {
  return childrenOf(pattern).flatMap((part) => {
    const isRest = part.dotDotDotToken !== undefined || part.kind === k.SpreadAssignment;
    const key = isRest ? undefined : (part.propertyName ?? part.name);
    const name = textOf(key);
    return key && name !== undefined && names.has(name) ? [{ of: pattern, name, at: key }] : [];
  });
}

/**
 * Walks a file for the places where a property may be read, or go out of sight.
 * @param names properties that are asked for
 */
export function placesIn(tree: SyntaxNode, k: Kinds, names: ReadonlySet<string>): Places {
  const places: Places = { names: [], lookups: [], outlets: [], computed: [] };
  const visit = (node: SyntaxNode): undefined => {
    if (node.kind === k.PropertyAccessExpression) {
      const read = names.has(textOf(node.name) ?? "") && !isWritten(node, k) && !isOfSchema(node);
      if (read && node.name) places.names.push(node.name);
    } else if (node.kind === k.ElementAccessExpression) {
      const { argumentExpression: key, expression } = node;
      if (isLiteralText(key, k)) {
        if (key && names.has(textOf(key) ?? "") && !isWritten(node, k)) places.names.push(key);
      } else if (expression) places.computed.push(expression);
    } else if (node.kind === k.ObjectBindingPattern) {
      places.lookups.push(...patternLookups(node, k, names));
    } else if (node.kind === k.ObjectLiteralExpression && isAssignedTo(node, k)) {
      // The pattern itself has no type of its own: what is assigned to it has.
      const of = node.parent.right ?? node;
      places.lookups.push(...patternLookups(node, k, names).map((lookup) => ({ ...lookup, of })));
    } else if (node.kind === k.BinaryExpression && node.operatorToken?.kind === k.InKeyword) {
      const { left, right } = node;
      const name = textOf(left);
      if (left && right && isLiteralText(left, k) && name !== undefined && names.has(name)) {
        places.lookups.push({ of: right, name, at: left });
      }
    } else if (node.kind === k.ForInStatement && node.expression) places.computed.push(node.expression);
    for (const outer of handedOn(node, k)) {
      if (outer) places.outlets.push(...valuesIn(outer, k).map((value) => ({ value, outer })));
    }
    node.forEachChild(visit);
    return undefined;
  };
  visit(tree);
  return places;
}
