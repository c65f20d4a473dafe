import { describe, expect, test } from "vitest";
import type { Endpoint } from "../../src/config/project.ts";
import { buildRotation } from "../../src/config/rotation.ts";
import { findPreset, requirePreset } from "../../src/scaffold/preset.ts";
import { presetNames } from "../../src/scaffold/templates.ts";
import { httpDriver } from "../../src/secrets/rotation/drivers/http.ts";
import type { Requester } from "../../src/secrets/rotation/requests.ts";

/** What a provider's documentation shows as an answer, by method and path. */
type Answers = Readonly<Record<string, unknown>>;

interface Case {
  secret: string;
  /** The value in use, and the id that the provider knows it by. */
  proof: string;
  ownId: string | undefined;
  answers: Answers;
  made: { value: string; id?: string; with?: Record<string, string> };
  /** What is sent to make the key. */
  sent: RegExp;
  listed?: { id: string; name: string };
  revokes?: string;
}

const value = (...parts: string[]) => parts.join(".");

const CASES: Readonly<Record<string, Case>> = {
  sendgrid: {
    secret: "api_key",
    proof: value("SG", "old-id", "rest"),
    ownId: "old-id",
    answers: {
      "GET /v3/scopes": { scopes: ["mail.send", "api_keys.create"] },
      "POST /v3/api_keys": { api_key: value("SG", "new", "x"), api_key_id: "new", name: "n", scopes: [] },
      "GET /v3/api_keys": { result: [{ name: "integ-1", api_key_id: "new" }] },
    },
    made: { value: value("SG", "new", "x"), id: "new", with: {} },
    sent: /"scopes":\["mail.send","api_keys.create"\]/,
    listed: { id: "new", name: "integ-1" },
    revokes: "DELETE /v3/api_keys/new",
  },
  twilio: {
    secret: "key_secret",
    proof: "secret",
    ownId: "SK-beside",
    answers: {
      "POST /Keys.json": { sid: "SKnew", friendly_name: "integ-1", secret: "fresh" },
      "GET /Keys.json?PageSize=1000": { keys: [{ sid: "SKnew", friendly_name: "integ-1" }] },
    },
    made: { value: "fresh", id: "SKnew", with: { "twilio/key_sid": "SKnew" } },
    sent: /^FriendlyName=integ-1$/,
    listed: { id: "SKnew", name: "integ-1" },
    revokes: "DELETE /Keys/SKnew.json",
  },
  datadog: {
    secret: "api_key",
    proof: "old",
    ownId: undefined,
    answers: {
      "POST /v2/api_keys": {
        data: { id: "uuid", type: "api_keys", attributes: { key: "fresh", last4: "resh", name: "integ-1" } },
      },
      "GET /v2/api_keys?page[size]=100&sort=-created_at": {
        data: [{ id: "uuid", attributes: { name: "integ-1", last4: "resh" } }],
      },
    },
    made: { value: "fresh", id: "uuid", with: {} },
    sent: /^\{"data":\{"type":"api_keys","attributes":\{"name":"integ-1"\}\}\}$/,
    listed: { id: "uuid", name: "integ-1" },
    revokes: "DELETE /v2/api_keys/uuid",
  },
  mailgun: {
    secret: "api_key",
    proof: "old",
    ownId: undefined,
    answers: {
      "POST /v1/keys": {
        message: "great success",
        key: { id: "7-8", description: "integ-1", secret: "fresh" },
      },
      "GET /v1/keys": { total_count: 1, items: [{ id: "7-8", description: "integ-1", kind: "user" }] },
    },
    made: { value: "fresh", id: "7-8", with: {} },
    sent: /form-data; name="role"\r\n\r\nadmin[\s\S]*name="description"\r\n\r\ninteg-1/,
    listed: { id: "7-8", name: "integ-1" },
    revokes: "DELETE /v1/keys/7-8",
  },
  cloudflare: {
    secret: "api_token",
    proof: "old",
    ownId: "t1",
    answers: {
      "GET /user/tokens/verify": { result: { id: "t1", status: "active" }, success: true },
      "PUT /user/tokens/t1/value": { result: "fresh", success: true },
    },
    made: { value: "fresh", with: {} },
    sent: /^\{\}$/,
  },
};

/** Answers as documented, and notes what was asked. */
function documented(integration: string, answers: Answers) {
  const asked: Endpoint[] = [];
  const requester = {
    integration: { name: integration },
    beside: () => new Map([["key_sid", "SK-beside"]]),
    send: async (endpoint: Endpoint) => {
      asked.push(endpoint);
      const body = answers[`${endpoint.method} ${endpoint.path}`] ?? {};
      return { response: { status: 200, headers: {}, body: Buffer.from(JSON.stringify(body)) }, hops: [] };
    },
  };
  return { requester: requester as unknown as Requester, asked };
}

function apiOf(name: string, secret: string) {
  const rotation = buildRotation(requirePreset(name).secrets[secret]?.rotation);
  if (rotation.driver === "http") return rotation;
  throw new Error(`${name} has no key API`);
}

describe("key APIs of presets, against the answers that their providers document", () => {
  test("every preset with a key API is here", () => {
    const named = presetNames().filter((name) =>
      Object.values(findPreset(name)?.secrets ?? {}).some(({ rotation }) => rotation?.driver === "http"),
    );
    expect(named.sort()).toEqual(Object.keys(CASES).sort());
  });

  test.each(Object.entries(CASES))("%s", async (name, one) => {
    const { api, inPlace } = apiOf(name, one.secret);
    const { requester, asked } = documented(name, one.answers);
    const driver = httpDriver(api, requester, { environment: "dev", inPlace });
    expect(await driver.identify?.(one.proof)).toBe(one.ownId);
    expect(await driver.create("integ-1", one.proof)).toEqual(one.made);
    const { body } = asked.at(-1) ?? {};
    expect(typeof body === "string" ? body : JSON.stringify(body)).toMatch(one.sent);
    if (one.listed) expect((await driver.list?.(one.proof))?.[0]).toMatchObject(one.listed);
    if (one.revokes === undefined) return;
    expect(await driver.revoke({ id: one.made.id }, "fresh")).toBe(true);
    expect(`${asked.at(-1)?.method} ${asked.at(-1)?.path}`).toBe(one.revokes);
  });
});
