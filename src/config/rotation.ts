import { parseDuration } from "../base/duration.ts";
import type { KeyApi, KeyRequest, Rotation } from "./project.ts";
import type { RotationDocument } from "./schema/rotation.ts";

type RequestDocument = NonNullable<RotationDocument["revoke"]>;

function keyRequest({ request, headers = {}, body }: RequestDocument): KeyRequest {
  const [method = "", path = ""] = request.split(/ +/);
  return { method, path, headers, ...(body === undefined ? {} : { body }) };
}

function keyList(given: NonNullable<RotationDocument["list"]>): NonNullable<KeyApi["list"]> {
  const { keys, id, name, ending } = given;
  return { ...keyRequest(given), keys, id, name, ...(ending === undefined ? {} : { ending }) };
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
  const { driver = "manual", page, command, create, list, identify, revoke } = given;
  const base = common(given);
  if (driver === "command" && command) return { ...base, driver, command };
  if (driver === "http" && create && revoke) {
    const { value, id } = create;
    return {
      ...base,
      driver,
      api: {
        create: { ...keyRequest(create), value, ...(id === undefined ? {} : { id }) },
        ...(list ? { list: keyList(list) } : {}),
        ...(identify ? { identify: { ...keyRequest(identify), id: identify.id } } : {}),
        revoke: keyRequest(revoke),
      },
    };
  }
  return { ...base, driver: "manual", ...(page === undefined ? {} : { page }) };
}

/** Keys without which a driver cannot work. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  command: ["command"],
  http: ["create", "revoke"],
};

/** Names of the keys that a rotation's driver needs and does not have. */
export function missingKeys(given: Readonly<Record<string, unknown>>): string[] {
  const driver = typeof given.driver === "string" ? given.driver : "manual";
  return (NEEDED[driver] ?? []).filter((key) => given[key] === undefined);
}
