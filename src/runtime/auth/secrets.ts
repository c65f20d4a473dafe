import { readFile } from "node:fs/promises";

/** A secret as the manifest names it, and the environment variable that holds it. */
export interface SecretName {
  name: string;
  variable: string;
}

/**
 * Reads a secret's value; `undefined` where there is none. `fresh` is set after the provider refused the value read
 * last: look past every cache.
 */
export type ReadSecret = (
  secret: SecretName,
  options: { fresh: boolean },
) => string | undefined | Promise<string | undefined>;

/**
 * The default: the environment variable, or the file that `<VARIABLE>_FILE` names (secrets mounted by Docker and
 * Kubernetes change under a running process; that is how a rotation reaches it without a restart).
 */
export function environmentSecrets(env: Readonly<Record<string, string | undefined>>): ReadSecret {
  return async ({ variable }) => {
    const value = env[variable];
    if (value) return value;
    const file = env[`${variable}_FILE`];
    return file ? (await readFile(file, "utf8")).trimEnd() : undefined;
  };
}

/** Remembers what was read, asks again when told so, and knows every value that must not appear in an error. */
export class SecretCache {
  readonly #read: ReadSecret;
  readonly #variables: Readonly<Record<string, string>>;
  readonly #values = new Map<string, string>();
  readonly #seen = new Set<string>();

  constructor(variables: Readonly<Record<string, string>>, read: ReadSecret) {
    this.#variables = variables;
    this.#read = read;
  }

  /** Every value handed out so far. */
  get seen(): readonly string[] {
    return [...this.#seen];
  }

  variableOf(name: string): string {
    return this.#variables[name] ?? name;
  }

  /** The value, or `undefined` where the secret is not set. */
  async get(name: string, { fresh }: { fresh: boolean }): Promise<string | undefined> {
    const known = this.#values.get(name);
    if (known !== undefined && !fresh) return known;
    const value = await this.#read({ name, variable: this.variableOf(name) }, { fresh });
    if (!value) return undefined;
    this.#values.set(name, value);
    this.#seen.add(value);
    return value;
  }
}
