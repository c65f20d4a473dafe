import { randomUUID } from "node:crypto";
import type { Context } from "../../../base/context.ts";
import type { IntegError } from "../../../base/errors.ts";
import type { Rotation } from "../../../config/project.ts";
import type { HttpClient } from "../../../http/exchange.ts";
import { emptyEnvelope } from "../../../secrets/envelope.ts";
import type { SecretReference } from "../../../secrets/reference.ts";
import { usableSecrets } from "../../../secrets/resolve.ts";
import type { RotationDriver, Verifier } from "../../../secrets/rotation/driver.ts";
import { commandDriver } from "../../../secrets/rotation/drivers/command.ts";
import { httpDriver } from "../../../secrets/rotation/drivers/http.ts";
import { manualDriver } from "../../../secrets/rotation/drivers/manual.ts";
import { createRequester, type Requester } from "../../../secrets/rotation/requests.ts";
import { createVerifier } from "../../../secrets/rotation/verify.ts";
import type { RotationEvent, RotationWorld } from "../../../secrets/rotation/world.ts";
import { guardValue } from "../guard.ts";
import { type InputOptions, readValue } from "../input.ts";
import { pushAudited } from "../pushing.ts";
import type { Workplace } from "../workplace.ts";

export interface WorldOptions extends InputOptions {
  unverified: boolean;
}

function driverFor(
  rotation: Rotation,
  { project, environment }: Workplace,
  secret: SecretReference,
  requester: Requester,
  options: WorldOptions,
  ctx: Context,
): RotationDriver {
  switch (rotation.driver) {
    case "http":
      return httpDriver(rotation.api, requester, environment.name);
    case "command":
      return commandDriver({
        command: rotation.command,
        cwd: project.root,
        env: ctx.env,
        integration: secret.integration.name,
        secret: secret.policy.name,
        environment: environment.name,
      });
    case "manual":
      return manualDriver({
        newValue: async () => {
          const page =
            rotation.page ?? `the console of ${secret.integration.provider ?? secret.integration.name}`;
          ctx.io.note(`Make a new key beside the old one: ${page}. Do not revoke the old one yet.`);
          const value = await readValue(`${secret.name} (new)`, options, ctx);
          guardValue(secret, environment, value);
          return value;
        },
        confirmRevoked: async () =>
          (await ctx.io.prompt?.confirm({
            message: `Did you revoke the old key of ${secret.name} at the provider?`,
          })) ?? false,
      });
  }
}

function verifierFor(
  { rotation }: SecretReference["policy"],
  { integration }: SecretReference,
  requester: Requester,
  { unverified }: WorldOptions,
): Verifier | undefined {
  const endpoint = integration.endpoints.find(({ name }) => name === rotation.verify);
  return endpoint && !unverified ? createVerifier(requester, endpoint, rotation.identity) : undefined;
}

/** @throws IntegError the first failure, after every target was tried */
async function pushPending(secret: SecretReference, place: Workplace, ctx: Context): Promise<void> {
  const { project, environment, session } = place;
  if (project.config.secrets.push.length === 0) return;
  const { planPush } = await import("../../../secrets/push/plan.ts");
  const envelope = (await session.store(environment).read())?.envelope;
  const items = planPush(project, environment, envelope, { secrets: [secret], ctx });
  const errors: IntegError[] = [];
  for (const item of items.filter(({ state }) => state === "open")) {
    const error = await pushAudited(item, place, ctx);
    if (error) errors.push(error);
  }
  if (errors[0]) throw errors[0];
}

/** The real store, provider and clock for the rotation of one secret. */
export async function createWorld(
  secret: SecretReference,
  place: Workplace,
  client: HttpClient,
  options: WorldOptions,
  report: (event: RotationEvent) => void,
  ctx: Context,
): Promise<RotationWorld> {
  const { project, environment, session } = place;
  const { integration, policy, name } = secret;
  const stored = (await usableSecrets(integration, environment, session)).values;
  const subject = { project, integration, environment, secret: policy.name };
  const requester = createRequester(subject, stored, client, ctx.signal);
  const store = session.store(environment);
  return {
    name,
    read: async () =>
      (await store.read())?.envelope ??
      emptyEnvelope(project.config.project, environment.name, "0".repeat(64)),
    update: (change) => session.update(environment, change),
    driver: driverFor(policy.rotation, place, secret, requester, options, ctx),
    verifier: verifierFor(policy, secret, requester, options),
    push: () => pushPending(secret, place, ctx),
    clock: { ...ctx.clock, sleep: (ms, signal) => ctx.clock.sleep(ms, signal ?? ctx.signal) },
    newId: randomUUID,
    report,
  };
}
