import { WIDTH } from "./layout.ts";

/** A list, as its items may be. */
interface List {
  items: TypeText;
}

type Member = string | List;

const flatMember = (member: Member): string => {
  if (typeof member === "string") return member;
  const { text, isUnion } = member.items;
  return `readonly ${isUnion || text.startsWith("readonly ") ? `(${text})` : text}[]`;
};

/** A TypeScript type as a union of members, each once. */
export class TypeText {
  readonly members: readonly Member[];

  constructor(members: readonly Member[]) {
    const unique = [...new Map(members.map((member) => [flatMember(member), member])).values()];
    // What a wider member allows needs no literal beside it.
    const isWide = unique.includes("string");
    this.members = isWide ? unique.filter((one) => typeof one !== "string" || !/^["']/.test(one)) : unique;
  }

  get isUnion(): boolean {
    return this.members.length > 1;
  }

  /** On one line. */
  get text(): string {
    return this.members.map(flatMember).join(" | ");
  }
}

/** A member that is too wide, as formatters open it: of a list its items, one per line. */
function openMember(member: Member, indent: string): string {
  const fits = indent.length + flatMember(member).length + 3 <= WIDTH;
  if (fits || typeof member === "string" || !member.items.isUnion) return flatMember(member);
  const items = member.items.members.map((item) => `${indent}  | ${openMember(item, `${indent}    `)}`);
  return ["readonly (", ...items, `${indent})[]`].join("\n");
}

/**
 * A declaration that ends in a type, on one line where it fits.
 * @param before `amount?:`, `export type Body =`
 */
export function declaration(indent: string, before: string, type: TypeText): string {
  const line = `${indent}${before} ${type.text};`;
  const [only] = type.members;
  if (line.length <= WIDTH || only === undefined) return line;
  if (!type.isUnion) return `${indent}${before} ${openMember(only, indent)};`;
  const members = type.members.map((member) => `${indent}  | ${openMember(member, `${indent}    `)}`);
  return `${indent}${before}\n${members.join("\n")};`;
}
