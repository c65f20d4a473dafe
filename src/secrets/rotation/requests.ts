import { UsageError } from "../../base/errors.ts";
import type { Auth, Endpoint, Environment, Integration, Project, Target } from "../../config/project.ts";
import { resolveTargets } from "../../config/targets.ts";
import type { Exchange, HttpClient } from "../../http/exchange.ts";
import { requestFor } from "../../http/request.ts";

/** Requests of an integration in which one secret has a value of our choosing. */
export interface Requester {
  integration: Integration;
  /** Sends an endpoint's request, proved by `value` in place of the stored one. */
  send(endpoint: Endpoint, value: string): Promise<Exchange>;
  beside: Beside;
}

/** Values of other secrets that belong to a value of the secret that is replaced, by name: the id of a key. */
export type Beside = (value: string) => ReadonlyMap<string, string>;

/** Whether an integration's requests prove themselves with a secret: else they can say nothing about it. */
export function authUses(auth: Auth, secret: string): boolean {
  return Object.values(auth).includes(secret);
}

/** The integration's request of any method and path, as if it were one of its endpoints. */
function targetOf(
  project: Project,
  integration: Integration,
  environment: Environment,
  endpoint: Endpoint,
): Target {
  const alone: Project = { ...project, integrations: [{ ...integration, endpoints: [endpoint] }] };
  const [target] = resolveTargets(alone, [], { env: environment.name });
  if (target) return target;
  throw new UsageError(`\`${integration.name}\` has no base URL in ${environment.name}`, {
    code: "usage/no-base-url",
    hint: "give it one in its integration.yaml",
  });
}

/** @param stored values of all secrets of the integration, by name */
export function createRequester(
  place: { project: Project; integration: Integration; environment: Environment; secret: string },
  stored: ReadonlyMap<string, string>,
  client: HttpClient,
  { beside = () => new Map(), signal }: { beside?: Beside; signal?: AbortSignal } = {},
): Requester {
  const { project, integration, environment, secret } = place;
  return {
    integration,
    beside,
    send: (endpoint, value) => {
      const target = targetOf(project, integration, environment, endpoint);
      const values = new Map([...stored, ...beside(value)]).set(secret, value);
      return client.exchange(requestFor(target, values), signal ? { signal } : {});
    },
  };
}
