import { listOf } from "../base/text.ts";
import { secretsOfAuth } from "../config/auth-secrets.ts";
import type { Environment, Integration, Project, StoreKind } from "../config/project.ts";
import { currentValue, type Envelope, emptyEnvelope } from "./envelope.ts";
import { openStore, type SecretDeps } from "./open.ts";
import { judgeValue } from "./policy.ts";
import { missing, refused } from "./states.ts";
import { type SecretStore, type Stored, updateEnvelope } from "./store.ts";

/** Where a secret's value came from. `variable`: the environment variable that supplied it. */
export type SecretOrigin = { from: "variable"; variable: string } | { from: "store"; store: StoreKind };

export interface ResolvedSecrets {
  /** By the secret's name within its integration. */
  values: ReadonlyMap<string, string>;
  /** Names of secrets that are nowhere. */
  missing: readonly string[];
  sources: ReadonlyMap<string, SecretOrigin>;
}

/**
 * The secrets of a project during one run. Every environment's store is opened at most once and read at most once,
 * however many integrations ask: one dialog, one connection.
 */
export class SecretSession {
  readonly project: Project;
  readonly deps: SecretDeps;
  private readonly stores = new Map<string, Promise<SecretStore>>();
  private readonly reads = new Map<string, Promise<Stored | undefined>>();

  constructor(project: Project, deps: SecretDeps) {
    this.project = project;
    this.deps = deps;
  }

  /** The environment's chosen store. */
  store(environment: Environment): Promise<SecretStore> {
    const known = this.stores.get(environment.name);
    if (known) return known;
    const store = openStore(this.project, environment, this.deps);
    this.stores.set(environment.name, store);
    return store;
  }

  /** What the environment's store holds; read once per run. */
  stored(environment: Environment): Promise<Stored | undefined> {
    const known = this.reads.get(environment.name);
    if (known) return known;
    const read = this.store(environment).then((store) => store.read());
    this.reads.set(environment.name, read);
    return read;
  }

  /** Changes what the environment's store holds; `change` may run several times. */
  async update(environment: Environment, change: (envelope: Envelope) => Envelope): Promise<Envelope> {
    const { randomBytes } = await import("node:crypto");
    const empty = emptyEnvelope(
      this.project.config.project,
      environment.name,
      randomBytes(32).toString("hex"),
    );
    this.reads.delete(environment.name);
    return updateEnvelope(await this.store(environment), empty, change);
  }
}

/** The name under which an integration's secret is filed: `stripe/api_key`. */
export function fullName(integration: Integration, secret: string): string {
  return `${integration.name}/${secret}`;
}

/**
 * The values an integration needs in an environment. A secret's environment variable wins over the store, and the store
 * is not touched when variables supply everything. An empty variable counts as not set.
 * @throws SecretError when the store is locked, unavailable, ambiguous or corrupt; what is not stored is in `missing`
 */
export async function resolveSecrets(
  integration: Integration,
  environment: Environment,
  session: SecretSession,
): Promise<ResolvedSecrets> {
  const values = new Map<string, string>();
  const sources = new Map<string, SecretOrigin>();
  const absent: string[] = [];
  for (const { name, env: variable } of integration.secrets) {
    const value = session.deps.env[variable];
    if (!value) continue;
    values.set(name, value);
    sources.set(name, { from: "variable", variable });
  }
  const rest = integration.secrets.filter(({ name }) => !values.has(name));
  const envelope = rest.length === 0 ? undefined : (await session.stored(environment))?.envelope;
  for (const { name } of rest) {
    const value = envelope && currentValue(envelope, fullName(integration, name));
    if (value === undefined) {
      absent.push(name);
      continue;
    }
    values.set(name, value);
    sources.set(name, { from: "store", store: environment.store });
  }
  return { values, missing: absent.sort(), sources };
}

async function describeOrigin(
  origin: SecretOrigin | undefined,
  environment: Environment,
  session: SecretSession,
): Promise<string> {
  return origin?.from === "variable"
    ? `the variable ${origin.variable}`
    : `the ${(await session.store(environment)).describe()}`;
}

/** What mends a value of another environment where it came from. */
function misplacedHint(
  name: string,
  origin: SecretOrigin | undefined,
  environment: Environment,
  belongsTo: string,
) {
  const other = `use --env ${belongsTo} if that is what you mean`;
  return origin?.from === "variable"
    ? `unset ${origin.variable}, or set it to a value for ${environment.name}; ${other}`
    : `integ secrets set ${name} --env ${environment.name}; ${other}`;
}

/** Nothing of another environment leaves: a live key sent from dev would act on what is real. */
async function refuseMisplaced(
  integration: Integration,
  environment: Environment,
  { values, sources }: ResolvedSecrets,
  session: SecretSession,
): Promise<void> {
  for (const policy of integration.secrets) {
    const value = values.get(policy.name);
    const verdict = value === undefined ? undefined : judgeValue(policy, environment.name, value);
    if (verdict?.kind !== "wrong-environment") continue;
    const name = fullName(integration, policy.name);
    const origin = sources.get(policy.name);
    const from = await describeOrigin(origin, environment, session);
    throw refused(
      `The value of ${name} from ${from} is one for ${listOf(verdict.belongsTo)}, not for ${environment.name}: it is not used`,
      misplacedHint(name, origin, environment, verdict.belongsTo[0] ?? ""),
    );
  }
}

/**
 * Like `resolveSecrets`, for values that are sent to a provider or handed to a program.
 * @throws SecretError also `refused`, when a value has the form of another environment's and not of this one's
 */
export async function usableSecrets(
  integration: Integration,
  environment: Environment,
  session: SecretSession,
): Promise<ResolvedSecrets> {
  const resolved = await resolveSecrets(integration, environment, session);
  await refuseMisplaced(integration, environment, resolved, session);
  return resolved;
}

/** Refuses to go on without a secret. @throws SecretError `missing`, naming all */
export async function refuseMissing(
  { missing: absent }: ResolvedSecrets,
  integration: Integration,
  environment: Environment,
  session: SecretSession,
): Promise<void> {
  if (absent.length === 0) return;
  const names = absent.map((name) => fullName(integration, name));
  const where = (await session.store(environment)).describe();
  throw missing(names, environment.name, where, variableHint(integration, environment, absent));
}

/**
 * Like `usableSecrets`, for a request: the secrets that it is authorized with must be there. Others of the integration, such as a
 * webhook's, need not.
 * @throws SecretError `missing` or `refused`
 */
export async function requireSecrets(
  integration: Integration,
  environment: Environment,
  session: SecretSession,
): Promise<ReadonlyMap<string, string>> {
  const resolved = await usableSecrets(integration, environment, session);
  const needed = secretsOfAuth(integration.auth);
  const absent = resolved.missing.filter((name) => needed.includes(name));
  await refuseMissing({ ...resolved, missing: absent }, integration, environment, session);
  return resolved.values;
}

/** In an environment of variables there is nothing to store into. */
function variableHint(
  integration: Integration,
  environment: Environment,
  absent: readonly string[],
): string | undefined {
  if (environment.store !== "env") return undefined;
  const variables = integration.secrets.filter(({ name }) => absent.includes(name)).map(({ env }) => env);
  return `set ${variables.join(", ")} where the process is started (CI settings, shell)`;
}
