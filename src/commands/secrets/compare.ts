import type { Context } from "../../base/context.ts";
import { compareText } from "../../base/finding.ts";
import type { Result } from "../../base/result.ts";
import { rememberedProject } from "../../config/remembered.ts";
import { resolveEnvironment } from "../../config/targets.ts";
import { type Cell, renderTable } from "../../report/table.ts";
import { currentValue } from "../../secrets/envelope.ts";
import { allSecrets } from "../../secrets/reference.ts";
import { SecretSession } from "../../secrets/resolve.ts";
import { confirmProtected } from "./workplace.ts";

export interface CompareOptions {
  environments: string[];
}

interface Row {
  secret: string;
  /** By environment. */
  set: Record<string, boolean>;
  /** Environments that share one value with another. */
  shared: string[];
}

/** Names that occur with a value another name has too. */
function sharing(values: ReadonlyMap<string, string>): string[] {
  return [...values]
    .filter(([name, value]) => [...values].some(([other, same]) => other !== name && same === value))
    .map(([name]) => name);
}

/**
 * Shows which secrets are missing where, and which environments share a value; never a value. Stores are
 * compared, not variables: those of this shell would stand in every environment.
 */
export async function run(options: CompareOptions, ctx: Context): Promise<Result> {
  const project = await rememberedProject(ctx);
  const session = new SecretSession(project, ctx);
  const environments =
    options.environments.length === 0
      ? project.config.environments
      : [...new Set(options.environments)].map((name) => resolveEnvironment(project, name));
  const secrets = allSecrets(project);
  const found = new Map<string, Map<string, string>>();
  for (const environment of environments) {
    await confirmProtected(environment, "Its secrets are about to be compared", ctx);
    const envelope = (await session.stored(environment))?.envelope;
    for (const { name } of secrets) {
      const value = envelope && currentValue(envelope, name);
      if (value === undefined) continue;
      found.set(name, (found.get(name) ?? new Map<string, string>()).set(environment.name, value));
    }
  }
  const names = environments.map(({ name }) => name);
  const rows: Row[] = secrets
    .map(({ name }) => {
      const values = found.get(name) ?? new Map<string, string>();
      const set = Object.fromEntries(names.map((environment) => [environment, values.has(environment)]));
      return { secret: name, set, shared: sharing(values) };
    })
    .sort((a, b) => compareText(a.secret, b.secret));
  return {
    data: { environments: names, secrets: rows },
    text: ({ style, columns }) =>
      rows.length === 0
        ? "No integration declares a secret"
        : renderTable(
            ["Secret", ...names],
            rows.map((row) => [row.secret, ...names.map((name) => cellOf(row, name))]),
            { style, columns },
          ),
  };
}

function cellOf({ set, shared }: Row, environment: string): Cell {
  if (!set[environment]) return { text: "missing", tone: "red" };
  if (!shared.includes(environment)) return "set";
  const others = shared.filter((name) => name !== environment);
  return { text: `same as ${others.join(", ")}`, tone: "yellow" };
}
