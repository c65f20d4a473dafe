import { randomUUID } from "node:crypto";
import type { Clock, Context } from "../../../base/context.ts";
import type { IntegError } from "../../../base/errors.ts";
import type { Auth, IamKeys } from "../../../config/project.ts";
import { partnersOf } from "../../../config/rotation.ts";
import { baseUrlOf } from "../../../config/targets.ts";
import type { HttpClient, HttpRequest } from "../../../http/exchange.ts";
import { withTokenAddress } from "../../../http/signing/oauth2.ts";
import { type Envelope, emptyEnvelope, valueBeside } from "../../../secrets/envelope.ts";
import { allSecrets, type SecretReference } from "../../../secrets/reference.ts";
import { fullName, usableSecrets } from "../../../secrets/resolve.ts";
import type { RotationDriver, Verifier } from "../../../secrets/rotation/driver.ts";
import { iamDriver, stsVerifier } from "../../../secrets/rotation/drivers/aws-iam.ts";
import { commandDriver } from "../../../secrets/rotation/drivers/command.ts";
import { httpDriver } from "../../../secrets/rotation/drivers/http.ts";
import { RefreshDriver } from "../../../secrets/rotation/drivers/oauth2.ts";
import { type Beside, createRequester, type Requester } from "../../../secrets/rotation/requests.ts";
import { createVerifier } from "../../../secrets/rotation/verify.ts";
import type { RotationEvent, RotationWorld } from "../../../secrets/rotation/world.ts";
import type { InputOptions } from "../input.ts";
import { pushAudited } from "../pushing.ts";
import type { Workplace } from "../workplace.ts";
import { manualDriverFor } from "./manual.ts";

export interface WorldOptions extends InputOptions {
  unverified: boolean;
}

/** What drivers and verifiers of one secret work with. */
interface Tools {
  secret: SecretReference;
  place: Workplace;
  client: HttpClient;
  /** Values of the integration's secrets, by name. */
  stored: ReadonlyMap<string, string>;
  beside: Beside;
  options: WorldOptions;
  ctx: Context;
}

function requesterOf({ secret, place, client, stored, beside, ctx }: Tools, auth?: Auth): Requester {
  const { project, environment } = place;
  const integration = auth ? { ...secret.integration, auth } : secret.integration;
  const subject = { project, integration, environment, secret: secret.policy.name };
  return createRequester(subject, stored, client, { beside, signal: ctx.signal });
}

/** How a secret is replaced, and how it is seen whether a value works. */
interface Means {
  driver: RotationDriver;
  verifier: Verifier | undefined;
}

/** Asks the endpoint that the manifest names. */
function endpointVerifier(tools: Tools, requester = requesterOf(tools)): Verifier | undefined {
  const { integration, policy } = tools.secret;
  const { verify, identity } = policy.rotation;
  const endpoint = integration.endpoints.find(({ name }) => name === verify);
  return endpoint && createVerifier(requester, endpoint, identity);
}

function iamMeans(iam: IamKeys, tools: Tools): Means {
  const { secret, client, stored, beside, ctx } = tools;
  const place = {
    iam,
    idName: fullName(secret.integration, iam.idSecret),
    env: ctx.env,
    clock: interruptible(ctx),
    send: async (request: HttpRequest) => client.exchange(request, { signal: ctx.signal }),
    idOf: (value: string) => beside(value).get(iam.idSecret) ?? stored.get(iam.idSecret),
  };
  return { driver: iamDriver(place), verifier: endpointVerifier(tools) ?? stsVerifier(place) };
}

function refreshMeans(tools: Tools): Means {
  const { secret, place, client, stored, ctx } = tools;
  const { integration } = secret;
  const auth = withTokenAddress(integration.auth, baseUrlOf(integration, place.environment));
  if (auth.scheme !== "oauth2-refresh")
    throw new Error("the configuration allows oauth2 for no other scheme");
  const send = async (request: HttpRequest) => client.exchange(request, { signal: ctx.signal });
  const driver = new RefreshDriver({ auth, secrets: stored, send });
  const bearer = endpointVerifier(
    tools,
    requesterOf(tools, { scheme: "bearer", secret: auth.refreshTokenSecret }),
  );
  return { driver, verifier: bearer && driver.verifierWith(bearer) };
}

function meansFor(tools: Tools): Means {
  const { secret, place, stored, ctx } = tools;
  const { rotation } = secret.policy;
  const environment = place.environment.name;
  switch (rotation.driver) {
    case "http": {
      const proof = rotation.api.proof === undefined ? undefined : stored.get(rotation.api.proof);
      const options = { environment, inPlace: rotation.inPlace, proof };
      const driver = httpDriver(rotation.api, requesterOf(tools), options);
      return { driver, verifier: endpointVerifier(tools) };
    }
    // No request proves itself with what signs webhooks, so none can tell whether it works.
    case "webhook":
      return { driver: httpDriver(rotation.api, requesterOf(tools), { environment }), verifier: undefined };
    case "command": {
      const driver = commandDriver({
        command: rotation.command,
        inPlace: rotation.inPlace,
        cwd: place.project.root,
        env: ctx.env,
        integration: secret.integration.name,
        secret: secret.policy.name,
        environment,
        signal: ctx.signal,
      });
      return { driver, verifier: endpointVerifier(tools) };
    }
    case "oauth2":
      return refreshMeans(tools);
    case "aws-iam":
      return iamMeans(rotation.iam, tools);
    case "manual":
      return { driver: manualDriverFor(rotation.page, tools), verifier: endpointVerifier(tools) };
  }
}

const interruptible = ({ clock, signal }: Context): Clock => ({
  ...clock,
  sleep: (ms, given) => clock.sleep(ms, given ?? signal),
});

/** @throws IntegError the first failure, after every target was tried */
async function pushPending(secret: SecretReference, place: Workplace, ctx: Context): Promise<void> {
  const { project, environment, session } = place;
  if (project.config.secrets.push.length === 0) return;
  const { planPush } = await import("../../../secrets/push/plan.ts");
  const envelope = (await (await session.store(environment)).read())?.envelope;
  const partners = partnersOf(secret.policy.rotation).map((partner) => fullName(secret.integration, partner));
  const secrets = allSecrets(project).filter(({ name }) => name === secret.name || partners.includes(name));
  const items = planPush(project, environment, envelope, { secrets, ctx });
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
  const store = await session.store(environment);
  // What the engine saw last tells which values belong together.
  let last: Envelope = emptyEnvelope(project.config.project, environment.name, "0".repeat(64));
  const partners = partnersOf(policy.rotation);
  const beside: Beside = (value) =>
    new Map(
      partners.flatMap((partner): [string, string][] => {
        const own = valueBeside(last, name, fullName(integration, partner), value);
        return own === undefined ? [] : [[partner, own]];
      }),
    );
  const { driver, verifier } = meansFor({ secret, place, client, stored, beside, options, ctx });
  return {
    name,
    read: async () => {
      last = (await store.read())?.envelope ?? last;
      return last;
    },
    update: async (change) => {
      last = await session.update(environment, change);
    },
    driver,
    verifier: options.unverified ? undefined : verifier,
    unverified: options.unverified,
    push: () => pushPending(secret, place, ctx),
    clock: interruptible(ctx),
    newId: randomUUID,
    report,
  };
}
