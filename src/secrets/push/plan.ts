import type { Context } from "../../base/context.ts";
import type { Environment, Project } from "../../config/project.ts";
import type { Envelope } from "../envelope.ts";
import { fingerprintOf } from "../labels.ts";
import { acceptedValues, joinAccepted } from "../overlap.ts";
import { allSecrets, findSecrets, type SecretReference } from "../reference.ts";
import type { ServiceOptions } from "../stores/remote/service.ts";
import type { Destination } from "./target.ts";
import { AwsDestination } from "./targets/aws.ts";
import { CommandDestination } from "./targets/command.ts";
import { GithubDestination } from "./targets/github.ts";
import { VaultDestination } from "./targets/vault.ts";

/** One secret on its way to one target. */
export interface PushItem {
  secret: SecretReference;
  target: string;
  /** What it is called there. */
  key: string;
  destination: Destination;
  /** `missing`: there is no value. `unchanged`: this value was pushed there last. */
  state: "open" | "unchanged" | "missing";
}

/** What a target is given: the value in use, or the values that an application is to accept. */
export function pushedValue(envelope: Envelope, { name, policy }: SecretReference): string | undefined {
  const values = acceptedValues(envelope, name, policy);
  return values.length === 0 ? undefined : joinAccepted(values);
}

/** Whether the value in use is the one that went to a target last. */
function stateOf(
  envelope: Envelope | undefined,
  secret: SecretReference,
  target: string,
  place: string,
): PushItem["state"] {
  const value = envelope && pushedValue(envelope, secret);
  if (!envelope || value === undefined) return "missing";
  const last = envelope.secrets[secret.name]?.pushed?.[target];
  return last?.fingerprint === fingerprintOf(envelope, value) && last.place === place ? "unchanged" : "open";
}

function destinations(project: Project, options: ServiceOptions) {
  return (target: Project["config"]["secrets"]["push"][number]) => {
    const { place, environment } = target;
    switch (place.to) {
      case "github": {
        const one = new GithubDestination(place, options);
        return () => one;
      }
      case "hashicorp-vault": {
        const one = new VaultDestination(place, options);
        return () => one;
      }
      case "aws-secrets-manager": {
        const one = new AwsDestination(place, options);
        return () => one;
      }
      case "command":
        return (secret: string) =>
          new CommandDestination(place, { cwd: project.root, ...options }, { secret, environment });
    }
  };
}

/** What goes where: every target of the environment that takes one of the secrets, sorted by target. Asks nobody. */
export function planPush(
  project: Project,
  environment: Environment,
  envelope: Envelope | undefined,
  { secrets, to, ctx }: { secrets: readonly SecretReference[]; to?: string | undefined; ctx: ServiceDeps },
): PushItem[] {
  const wanted = new Set(secrets.map(({ name }) => name));
  const open = destinations(project, { env: ctx.env, clock: ctx.clock, signal: ctx.signal });
  return project.config.secrets.push
    .filter((target) => target.environment === environment.name && (to === undefined || target.name === to))
    .flatMap((target) => {
      const destinationFor = open(target);
      const named = new Set(
        target.secrets.flatMap((text) => findSecrets(project, text)).map(({ name }) => name),
      );
      return allSecrets(project)
        .filter(({ name }) => named.has(name) && wanted.has(name))
        .map((secret) => {
          const key = target.as[secret.name] ?? secret.policy.env;
          const destination = destinationFor(secret.name);
          const state = stateOf(envelope, secret, target.name, destination.describe(key));
          return { secret, target: target.name, key, destination, state };
        });
    });
}

/** What pushing needs of a command's context. */
export type ServiceDeps = Pick<Context, "env" | "clock" | "signal">;
