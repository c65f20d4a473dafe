import { parseDuration } from "../base/duration.ts";
import type { KeyApi, KeyRequest, Rotation } from "./project.ts";
import type { RotationDocument } from "./schema/rotation.ts";

type RequestDocument = NonNullable<RotationDocument["revoke"]>;
type CreateDocument = NonNullable<RotationDocument["create"]>;

function keyRequest({ request, headers = {}, body, form, multipart }: RequestDocument): KeyRequest {
  const [method = "", path = ""] = request.split(/ +/);
  return {
    method,
    path,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(form === undefined ? {} : { form }),
    ...(multipart ? { multipart } : {}),
  };
}

function keyList(given: NonNullable<RotationDocument["list"]>): NonNullable<KeyApi["list"]> {
  const { keys, id, name, ending } = given;
  return { ...keyRequest(given), keys, id, name, ...(ending === undefined ? {} : { ending }) };
}

function creation(given: CreateDocument): KeyApi["create"] {
  const { value, id, copy } = given;
  return {
    ...keyRequest(given),
    value,
    with: given.with ?? {},
    ...(id === undefined ? {} : { id }),
    ...(copy ? { copy: { ...keyRequest(copy), values: copy.values } } : {}),
  };
}

function keyApi(
  create: CreateDocument,
  { list, identify, idPattern, revoke, proof }: RotationDocument,
): KeyApi {
  return {
    create: creation(create),
    ...(list ? { list: keyList(list) } : {}),
    ...(identify ? { identify: { ...keyRequest(identify), id: identify.id } } : {}),
    ...(idPattern === undefined ? {} : { idPattern: new RegExp(idPattern) }),
    ...(revoke ? { revoke: keyRequest(revoke) } : {}),
    ...(proof === undefined ? {} : { proof }),
  };
}

function common({ verify, identity, grace }: RotationDocument) {
  const graceMs = grace === undefined ? undefined : parseDuration(grace);
  return {
    ...(verify === undefined ? {} : { verify }),
    ...(identity === undefined ? {} : { identity }),
    ...(graceMs === undefined ? {} : { graceMs }),
  };
}

/** The rotation of a secret with its defaults. What a driver lacks is reported before, when references are checked. */
export function buildRotation(given: RotationDocument = {}): Rotation {
  const { driver = "manual", page, command, create, idSecret, user, endpoint, stsEndpoint } = given;
  const base = common(given);
  const inPlace = given.inPlace ?? false;
  if (driver === "command" && command) return { ...base, driver, command, inPlace };
  if (driver === "http" && create) return { ...base, driver, api: keyApi(create, given), inPlace };
  if (driver === "webhook" && create) return { ...base, driver, api: keyApi(create, given) };
  if (driver === "oauth2") return { ...base, driver };
  if (driver === "aws-iam" && idSecret !== undefined) {
    const addresses = {
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(stsEndpoint === undefined ? {} : { stsEndpoint }),
    };
    return { ...base, driver, iam: { idSecret, ...(user === undefined ? {} : { user }), ...addresses } };
  }
  return { ...base, driver: "manual", ...(page === undefined ? {} : { page }) };
}

/** Names of secrets of the integration that are replaced in the same step as the one that this is the rotation of. */
export function partnersOf(rotation: Rotation): string[] {
  if (rotation.driver === "aws-iam") return [rotation.iam.idSecret];
  return rotation.driver === "http" || rotation.driver === "webhook"
    ? Object.keys(rotation.api.create.with)
    : [];
}

/** Whether the old value dies when the new one is made. */
export function replacesInPlace(rotation: Rotation): boolean {
  if (rotation.driver === "oauth2") return true;
  return (rotation.driver === "http" || rotation.driver === "command") && rotation.inPlace;
}

/** Keys without which a driver cannot work. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  command: ["command"],
  http: ["create", "revoke"],
  webhook: ["create"],
  "aws-iam": ["idSecret"],
};

/** Names of the keys that a rotation's driver needs and does not have. */
export function missingKeys(given: Readonly<Record<string, unknown>>): string[] {
  const driver = typeof given.driver === "string" ? given.driver : "manual";
  const needed = (NEEDED[driver] ?? []).filter((key) => given[key] === undefined);
  // What is replaced in place leaves nothing to revoke.
  return given.inPlace === true ? needed.filter((key) => key !== "revoke") : needed;
}
