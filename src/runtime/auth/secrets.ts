import { withoutSecrets } from "../errors/redact.ts";
import { SecretNotRead } from "./auth.ts";

/** A secret as the manifest names it, and the environment variable that holds it. */
export interface SecretName {
  name: string;
  variable: string;
}

/** What a secret is at present: one value, or in a rotation's grace several that live, the preferred one first. */
export type SecretRead = string | readonly string[] | undefined;

/**
 * Reads a secret's value; `undefined` where there is none. `fresh` is set after the provider refused the value read
 * last: look past every cache.
 */
export type ReadSecret = (
  secret: SecretName,
  options: { fresh: boolean },
) => SecretRead | Promise<SecretRead>;

type Variables = Readonly<Record<string, string | undefined>>;

async function readVariable(env: Variables, variable: string): Promise<string | undefined> {
  const value = env[variable];
  if (value) return value;
  const file = env[`${variable}_FILE`];
  if (!file) return undefined;
  const { readFile } = await import("node:fs/promises");
  return (await readFile(file, "utf8")).trimEnd();
}

/**
 * The default: the environment variable, or the file that `<VARIABLE>_FILE` names (secrets mounted by Docker and
 * Kubernetes change under a running process; that is how a rotation reaches it without a restart). `<VARIABLE>_PREVIOUS`
 * holds the value that still lives while a rotation is in its grace.
 */
export function environmentSecrets(env: Variables): ReadSecret {
  return async ({ variable }) => {
    const values = [await readVariable(env, variable), await readVariable(env, `${variable}_PREVIOUS`)];
    return values.filter((value) => value !== undefined);
  };
}

const listOf = (read: SecretRead): readonly string[] =>
  (typeof read === "string" ? [read] : (read ?? [])).filter((value) => value !== "");

/** The ways in which a value can come back: as it is, as it stands in an address, in a form, within JSON. */
function formsOf(value: string): string[] {
  const inForm = new URLSearchParams([["", value]]).toString().slice(1);
  return [value, encodeURIComponent(value), inForm, JSON.stringify(value).slice(1, -1)];
}

/** Remembers what was read, asks again when told so, and knows every value that must not appear in an error. */
export class SecretCache {
  readonly #read: ReadSecret;
  readonly #variables: Readonly<Record<string, string>>;
  readonly #values = new Map<string, readonly string[]>();
  readonly #seen = new Set<string>();
  #longestFirst: readonly string[] = [];

  constructor(variables: Readonly<Record<string, string>>, read: ReadSecret) {
    this.#variables = variables;
    this.#read = read;
  }

  /** Every value handed out so far in all its forms, the longest first, as one may be a part of another. */
  get seen(): readonly string[] {
    return this.#longestFirst;
  }

  /** A value that must not appear in an error: read, fetched, or made of others. */
  hide(value: string): void {
    if (value === "" || this.#seen.has(value)) return;
    for (const form of formsOf(value)) this.#seen.add(form);
    this.#longestFirst = [...this.#seen].sort((a, b) => b.length - a.length);
  }

  variableOf(name: string): string {
    return this.#variables[name] ?? name;
  }

  /**
   * The values that live, the preferred one first; empty where the secret is not set.
   * @throws SecretNotRead
   */
  async get(name: string, { fresh }: { fresh: boolean }): Promise<readonly string[]> {
    const known = this.#values.get(name);
    if (known !== undefined && !fresh) return known;
    const values = await this.#ask(name, fresh);
    if (values.length === 0) return values;
    this.#values.set(name, values);
    for (const value of values) this.hide(value);
    return values;
  }

  async #ask(name: string, fresh: boolean): Promise<readonly string[]> {
    const variable = this.variableOf(name);
    try {
      return listOf(await this.#read({ name, variable }, { fresh }));
    } catch (error) {
      throw new SecretNotRead(variable, withoutSecrets(error, this.seen));
    }
  }

  /** Puts a value in place of ours: the provider has given out another. */
  replace(name: string, value: string): void {
    this.#values.set(name, [value]);
    this.hide(value);
  }
}
