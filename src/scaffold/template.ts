import { ConfigError } from "../base/errors.ts";

/** What goes into a template: text for its holes, and what its tokens stand for. */
export interface Filling {
  /** Hole → text with its indentation, without a trailing newline; empty takes the hole's lines away. */
  holes: Readonly<Record<string, string>>;
  /** `__Provider__` → `Stripe`. */
  tokens: Readonly<Record<string, string>>;
  /** `v1` of the template's class names and texts becomes this. */
  version: string;
  importExtension: ".js" | ".ts";
}

const HOLE = /^[ \t]*\/\* integ:value (\w+) \*\/\n[\s\S]*?^[ \t]*\/\* integ:end \*\/\n/gm;
const TOKEN = /__[A-Za-z]+?__/g;

/** A mistake in a template of somebody's own: ours are tried by tests. */
class UnknownName extends Error {
  readonly what: string;
  readonly known: readonly string[];

  constructor(what: string, known: readonly string[]) {
    super(what);
    this.what = what;
    this.known = known;
  }
}

const unknown = (what: string, known: readonly string[]) => new UnknownName(what, known);

function fillTokens(text: string, { tokens, version }: Filling): string {
  return text
    .replace(/__Provider__V1\b/g, `__Provider__${version.toUpperCase()}`)
    .replace(/(["'])v1\1/g, `$1${version}$1`)
    .replace(TOKEN, (token) => {
      const value = tokens[token];
      if (value === undefined) throw unknown(`token ${token}`, Object.keys(tokens));
      return value;
    });
}

/**
 * Turns a template into a file of the user's. Templates are real TypeScript: the type checker, the linter and the tests
 * of this repository see them as they are, with a sample in each hole:
 *
 *     /* integ:value methods *\/ … sample … /* integ:end *\/
 *
 * Tokens are filled only in the template's own text, never in what fills a hole: text from outside stays inert.
 * @param name of the template, for its maker
 * @throws ConfigError for a hole or a token that there is not
 */
export function instantiate(template: string, filling: Filling, name: string): string {
  try {
    return fill(template, filling);
  } catch (error) {
    if (!(error instanceof UnknownName)) throw error;
    throw new ConfigError(`The template ${name} has the unknown ${error.what}`, {
      code: "scaffold/template",
      hint: `known are ${error.known.join(", ")}`,
    });
  }
}

function fill(template: string, filling: Filling): string {
  let out = "";
  let end = 0;
  for (const match of template.matchAll(HOLE)) {
    const [all, name = ""] = match;
    const text = filling.holes[name];
    if (text === undefined) throw unknown(`hole ${name}`, Object.keys(filling.holes));
    out += fillTokens(template.slice(end, match.index), filling);
    out += text === "" ? "" : `${text}\n`;
    end = match.index + all.length;
  }
  out += fillTokens(template.slice(end), filling);
  return out.replace(/(from "\.{1,2}\/[^"]+)\.ts";/g, `$1${filling.importExtension}";`);
}
