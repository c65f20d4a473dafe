import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as runtime from "../../src/runtime/index.ts";
import {
  createWebhookVerifier,
  type Delivery,
  hmacScheme,
  hubspotScheme,
  mailgunScheme,
  shopifyScheme,
  standardScheme,
  stripeScheme,
  WebhookError,
  type WebhookScheme,
  zendeskScheme,
} from "../../src/runtime/index.ts";
import { WEBHOOK_SCHEMES } from "../../src/scaffold/emit/webhook.ts";
import { VECTORS } from "./webhook-vectors.ts";

const NOW = Date.UTC(2026, 0, 1);
const key = ["whsec", "test"].join("_");

function stripeDelivery(body: string, { at = NOW / 1000, secret = key } = {}): Delivery {
  const digest = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  return { headers: { "Stripe-Signature": `t=${at},v1=${digest}` }, body };
}

const verifier = (variable = key, now = NOW) =>
  createWebhookVerifier({ scheme: stripeScheme, secret: "HOOK", env: { HOOK: variable }, now: () => now });

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof WebhookError) return error.code;
    throw error;
  }
  return "verified";
}

describe("a webhook in Stripe's scheme", () => {
  test("is believed when the published vector's bytes, time and secret meet", () => {
    const headers = {
      "stripe-signature": "t=1700000000,v1=c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925",
    };
    const verified = verifier(key, 1_700_000_000_000)({ headers, body: '{"id":"evt_1"}' });
    expect(verified).toEqual({ id: "evt_1", signedAt: 1_700_000_000_000, payload: { id: "evt_1" } });
  });

  test.each([
    [0, "verified"],
    [300, "verified"],
    [-300, "verified"],
    [301, "too_old"],
    [-301, "too_new"],
  ])("signed %i s ago is %s: the tolerance holds in both directions", (age, outcome) => {
    const delivery = stripeDelivery("{}", { at: NOW / 1000 - age });
    expect(codeOf(() => verifier()(delivery))).toBe(outcome);
  });

  test("is believed under either secret while one is rolled, and under no other", () => {
    const both = verifier([key, "next"].join(","));
    expect(codeOf(() => both(stripeDelivery("{}", { secret: "next" })))).toBe("verified");
    expect(codeOf(() => both(stripeDelivery("{}", { secret: key })))).toBe("verified");
    expect(codeOf(() => both(stripeDelivery("{}", { secret: "other" })))).toBe("wrong_signature");
  });

  test("is believed when one of several v1 fits", () => {
    const delivery = stripeDelivery("{}");
    const header = String(Object.values(delivery.headers)[0]).replace(",", `,v1=${"0".repeat(64)},`);
    expect(
      codeOf(() => verifier()({ headers: new Headers({ "stripe-signature": header }), body: "{}" })),
    ).toBe("verified");
  });

  test.each([
    [{}, "no_signature"],
    [{ "stripe-signature": "" }, "no_signature"],
    [{ "stripe-signature": "nonsense" }, "malformed_signature"],
    [{ "stripe-signature": "t=soon,v1=00" }, "malformed_signature"],
    [{ "stripe-signature": `t=${NOW / 1000},v1=00` }, "wrong_signature"],
    [{ "stripe-signature": `t=${NOW / 1000},v1=zz` }, "wrong_signature"],
  ])("with headers %j is refused as %s", (headers, code) => {
    expect(codeOf(() => verifier()({ headers, body: "{}" }))).toBe(code);
  });

  test("is refused, not believed, when our own secret is not set", () => {
    expect(codeOf(() => verifier("")(stripeDelivery("{}", { secret: "" })))).toBe("no_secret");
  });

  test("is refused when any byte of its body differs", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), (body, index) => {
        const delivery = stripeDelivery(body);
        const bytes = new TextEncoder().encode(body);
        const at = index % bytes.length;
        expect(codeOf(() => verifier()({ ...delivery, body: bytes }))).toBe("verified");
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        expect(codeOf(() => verifier()({ ...delivery, body: bytes }))).toBe("wrong_signature");
      }),
    );
  });
});

describe("a webhook with an HMAC in a header", () => {
  test("in GitHub's form verifies octokit's own vector", () => {
    const verify = createWebhookVerifier({
      scheme: hmacScheme({ header: "X-Hub-Signature-256", prefix: "sha256=" }),
      secret: "HOOK",
      env: { HOOK: "secret" },
    });
    const digest = "1b2c16b75bd2a870c114153ccda5bcfca63314bc722fa160d690de133ccbb9db";
    const headers = { "x-hub-signature-256": `sha256=${digest}` };
    expect(verify({ headers, body: "data" }).payload).toBe("data");
    expect(codeOf(() => verify({ headers: { "x-hub-signature-256": digest }, body: "data" }))).toBe(
      "wrong_signature",
    );
  });

  test("takes the time of signing and the event's id from headers of their own", () => {
    const verify = createWebhookVerifier({
      scheme: hmacScheme({
        header: "X-Sig",
        encoding: "base64",
        timestampHeader: "X-Time",
        idHeader: "X-Id",
      }),
      secret: "HOOK",
      env: { HOOK: key },
      now: () => NOW,
    });
    const time = String(NOW / 1000);
    const signature = createHmac("sha256", key).update(`${time}.body`).digest("base64");
    const delivery = { headers: { "x-sig": signature, "x-time": time, "x-id": "7" }, body: "body" };
    expect(verify(delivery)).toEqual({ id: "7", signedAt: NOW, payload: "body" });
  });
});

function verifyWith(scheme: WebhookScheme, secret: string, now = NOW) {
  return createWebhookVerifier({ scheme, secret: "HOOK", env: { HOOK: secret }, now: () => now });
}

describe("the vectors that providers publish", () => {
  test.each(VECTORS)("$scheme.name: $source", ({ scheme, secret, signedAt = NOW / 1000, delivery }) => {
    const verify = verifyWith(scheme, secret, signedAt * 1000);
    expect(codeOf(() => verify(delivery))).toBe("verified");
    const tampered = `${String(delivery.body).slice(0, -1)}!`;
    expect(codeOf(() => verify({ ...delivery, body: tampered }))).toBe("wrong_signature");
  });

  test("every scheme that a scaffold names is one that the runtime exports", () => {
    for (const [name, exported] of Object.entries(WEBHOOK_SCHEMES)) {
      expect(Reflect.get(runtime, exported)).toMatchObject({
        name: /github|shopify|intercom|jira|notion/.test(name) ? "hmac" : name,
      });
    }
  });
});

describe("schemes without a published vector follow the provider's algorithm", () => {
  const digest = (parts: string, encoding: "hex" | "base64") =>
    createHmac("sha256", key).update(parts).digest(encoding);

  test("Shopify: base64 of the body", () => {
    const headers = { "x-shopify-hmac-sha256": digest("{}", "base64"), "x-shopify-webhook-id": "w1" };
    expect(verifyWith(shopifyScheme, key)({ headers, body: "{}" }).id).toBe("w1");
  });

  test("HubSpot v3: method, URL, body and milliseconds", () => {
    const url = "https://www.example.com/webhook_uri";
    const headers = {
      "x-hubspot-request-timestamp": String(NOW),
      "x-hubspot-signature-v3": digest(`POST${url}{}${NOW}`, "base64"),
    };
    const verify = verifyWith(hubspotScheme, key);
    expect(codeOf(() => verify({ headers, body: "{}", url }))).toBe("verified");
    expect(codeOf(() => verify({ headers, body: "{}", url: `${url}/x` }))).toBe("wrong_signature");
  });

  test("Zendesk: ISO date and body", () => {
    const time = new Date(NOW).toISOString();
    const headers = {
      "x-zendesk-webhook-signature-timestamp": time,
      "x-zendesk-webhook-signature": digest(`${time}{}`, "base64"),
    };
    expect(codeOf(() => verifyWith(zendeskScheme, key)({ headers, body: "{}" }))).toBe("verified");
    expect(codeOf(() => verifyWith(zendeskScheme, key, NOW + 301_000)({ headers, body: "{}" }))).toBe(
      "too_old",
    );
  });

  test("Mailgun: time and token in the body", () => {
    const timestamp = String(NOW / 1000);
    const signature = { timestamp, token: "t1", signature: digest(`${timestamp}t1`, "hex") };
    const verify = verifyWith(mailgunScheme, key);
    expect(verify({ headers: {}, body: JSON.stringify({ signature }) }).id).toBe("t1");
    expect(codeOf(() => verify({ headers: {}, body: "{}" }))).toBe("malformed_signature");
  });

  test("Standard Webhooks with an Ed25519 key", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64");
    const time = String(NOW / 1000);
    const signature = sign(undefined, Buffer.from(`m1.${time}.{}`), privateKey).toString("base64");
    const headers = {
      "webhook-id": "m1",
      "webhook-timestamp": time,
      "webhook-signature": `v1a,${signature}`,
    };
    const verify = verifyWith(standardScheme, `whpk_${raw}`);
    expect(verify({ headers, body: "{}" }).id).toBe("m1");
    expect(codeOf(() => verify({ headers, body: "{!" }))).toBe("wrong_signature");
  });
});
