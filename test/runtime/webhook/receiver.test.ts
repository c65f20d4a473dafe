import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import {
  createPlaidVerifier,
  createWebhookReceiver,
  type EventArchive,
  fileArchive,
  memoryArchive,
  replayEvents,
  WebhookError,
} from "../../../src/runtime/index.ts";
import { virtualTime } from "../../../src/testing/virtual-time.ts";
import { counting, event, signed, verify } from "./support.ts";

describe("a webhook receiver", () => {
  test("hands over what the schema says, typed; another payload is refused with its places and without its values", async () => {
    const seen: string[] = [];
    const { reports, receiver } = counting({});
    expect((await receiver.receive(signed(event("evt_1")))).status).toBe(200);
    expect(reports).toEqual([{ id: "evt_1", outcome: "processed" }]);
    const issues: unknown[] = [];
    const typed = createWebhookReceiver({
      verify,
      schema: z.looseObject({ id: z.string(), amount: z.number() }),
      handle: ({ payload }) => {
        expectTypeOf(payload.amount).toEqualTypeOf<number>();
        seen.push(payload.id);
      },
      onDelivery: (report) => issues.push(...(report.issues ?? [])),
    });
    expect((await typed.receive(signed('{"id":"evt_2","amount":3}'))).status).toBe(200);
    expect((await typed.receive(signed('{"id":"evt_3","amount":"private"}'))).status).toBe(422);
    expect(seen).toEqual(["evt_2"]);
    expect(issues).toMatchObject([{ path: "$.amount" }]);
    expect(JSON.stringify(issues)).not.toContain("private");
  });

  test.each([
    ["an old delivery, replayed", () => signed(event("evt_old"), Date.now() - 301_000), "too_old"],
    ["one from the future", () => signed(event("evt_new"), Date.now() + 303_000), "too_new"],
    ["a changed body", () => ({ ...signed(event("evt_a")), body: event("evt_b") }), "wrong_signature"],
  ])("does not believe %s, and does not say why", async (_name, delivery, code) => {
    const { receiver, effects, reports } = counting();
    expect(await receiver.receive(delivery())).toMatchObject({ status: 400, body: "not believed" });
    expect(effects).toEqual([]);
    expect(reports[0]?.error).toMatchObject({ code });
  });

  test("a delivery with a content encoding, or too large, is refused before its signature is looked at", async () => {
    const { receiver, reports } = counting({ maxBytes: 100 });
    const encoded = signed(event("evt_1"));
    encoded.headers["content-encoding"] = "gzip";
    expect((await receiver.receive(encoded)).status).toBe(415);
    expect((await receiver.receive(signed("x".repeat(101)))).status).toBe(413);
    expect(reports.map(({ outcome }) => outcome)).toEqual(["encoded", "too_large"]);
  });

  test("our own missing secret is our failure: the provider keeps the event and comes again", async () => {
    const { receiver } = counting({
      verify: () => {
        throw new WebhookError("no_secret", "HOOK is not set");
      },
    });
    expect((await receiver.receive(signed("{}"))).status).toBe(500);
  });

  test("events without an id are told apart by their bodies; `idOf` wins over everything", async () => {
    const plain = counting();
    for (const body of ['{"a":1}', '{"a":1}', '{"a":2}']) await plain.receiver.receive(signed(body));
    expect(plain.effects).toHaveLength(2);
    const own = counting({ idOf: () => "same" });
    for (const id of ["evt_1", "evt_2"]) await own.receiver.receive(signed(event(id)));
    expect(own.effects).toEqual(["same"]);
  });

  test("a handshake is answered, verified, and is no event", async () => {
    const { receiver, effects } = counting({
      handshake: (payload) => z.object({ challenge: z.string() }).safeParse(payload).data?.challenge,
    });
    expect((await receiver.receive(signed('{"challenge":"abc"}'))).body).toBe("abc");
    expect((await receiver.receive({ headers: {}, body: '{"challenge":"abc"}' })).status).toBe(400);
    expect(effects).toEqual([]);
  });

  test("a long effect keeps its claim; its signal tells when the claim was lost all the same", async () => {
    const time = virtualTime();
    let renewals = 0;
    const held = { lost: false };
    const store = {
      claim: async () => "claimed" as const,
      renew: async () => {
        renewals++;
        if (renewals > 5) throw new Error("the store is away");
        return true;
      },
      complete: async () => false,
      release: async () => {},
    };
    const { receiver, reports } = counting({
      store,
      clock: time.clock,
      leaseMs: 30_000,
      verify: () => ({ id: "evt_1", signedAt: undefined, payload: {} }),
      handle: (_event, { signal }) =>
        new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => {
            held.lost = true;
            resolve();
          }),
        ),
    });
    const answer = await time.run(receiver.receive(signed("{}")));
    expect(held.lost).toBe(true);
    // Five renewals ten seconds apart, then as many failures as fit into the lease.
    expect(renewals).toBe(8);
    expect(answer.status).toBe(409);
    expect(reports.at(-1)?.outcome).toBe("lost");
  });
});

describe.each([
  ["in memory", () => memoryArchive()],
  ["of files", () => fileArchive(mkdtempSync(join(tmpdir(), "integ-archive-")))],
])("an archive %s", (_name, make: () => EventArchive) => {
  test("replays what failed, once, and everything when asked to; the oldest first", async () => {
    const archive = make();
    let broken = true;
    const effects: string[] = [];
    const handle = ({ id }: { id: string }) => {
      if (broken) throw new Error("away");
      effects.push(id);
    };
    const { receiver } = counting({ archive, handle });
    for (const id of ["evt_1", "evt_2", "evt_1"]) await receiver.receive(signed(event(id)));
    broken = false;
    await receiver.receive(signed(event("evt_3")));
    const replay = async (options = {}) => {
      const lines = [];
      for await (const { id, outcome } of replayEvents(receiver, archive, options))
        lines.push(`${id} ${outcome}`);
      return lines.sort();
    };
    expect(await replay({ dryRun: true })).toEqual(["evt_1 undefined", "evt_2 undefined", "evt_3 undefined"]);
    expect(await replay()).toEqual(["evt_1 processed", "evt_2 processed", "evt_3 done"]);
    expect(effects.slice(1).sort()).toEqual(["evt_1", "evt_2"]);
    expect(await replay({ ids: ["evt_2"], again: true })).toEqual(["evt_2 processed"]);
    expect(await replay({ until: 0 })).toEqual([]);
    expect(effects).toHaveLength(4);
  });

  test("is told of verified events only", async () => {
    const archive = make();
    const { receiver } = counting({ archive });
    await receiver.receive({ headers: {}, body: event("evt_1") });
    const listed = [];
    for await (const stored of archive.list()) listed.push(stored);
    expect(listed).toEqual([]);
  });
});

test("an archive of files leaves nothing half-written, and names a file that is no event", async () => {
  const directory = mkdtempSync(join(tmpdir(), "integ-archive-"));
  try {
    const archive = fileArchive(directory);
    const stored = { id: "../evil", signedAt: undefined, receivedAt: 1, body: "é" };
    await Promise.all([archive.put(stored), archive.put(stored)]);
    expect(readdirSync(directory)).toHaveLength(1);
    for await (const read of archive.list()) expect(read).toEqual(stored);
    writeFileSync(join(directory, "a.json"), "{}");
    await expect(async () => {
      for await (const _ of archive.list());
    }).rejects.toThrow("a.json is not a stored event");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

describe("Plaid's tokens", () => {
  const now = Date.UTC(2026, 0, 1);
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = '{"webhook_id":"w1"}';
  const token = (head = {}, claims = {}) => {
    const sha256 = createHash("sha256").update(body).digest("hex");
    const text = `${part({ alg: "ES256", kid: "k1", ...head })}.${part({ iat: now / 1000, request_body_sha256: sha256, ...claims })}`;
    const bytes = sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
    return `${text}.${bytes.toString("base64url")}`;
  };
  const asked: string[] = [];
  const check = (text: string, sent = body) =>
    createPlaidVerifier({
      now: () => now,
      fetchKey: async (id) => {
        asked.push(id);
        return id === "k1"
          ? publicKey.export({ format: "jwk" })
          : id === "expired"
            ? { ...publicKey.export({ format: "jwk" }), expired_at: now / 1000 - 1 }
            : undefined;
      },
    })({ headers: { "Plaid-Verification": text }, body: sent });

  test("are believed for the body, the time and the key that they were made for", async () => {
    expect(await check(token())).toMatchObject({ signedAt: now, payload: { webhook_id: "w1" } });
  });

  test.each([
    ["another algorithm", () => token({ alg: "none" }), "malformed_signature"],
    ["an unknown key", () => token({ kid: "k2" }), "wrong_signature"],
    ["an expired key", () => token({ kid: "expired" }), "wrong_signature"],
    ["an old time", () => token({}, { iat: now / 1000 - 301 }), "too_old"],
    ["a time to come", () => token({}, { iat: now / 1000 + 301 }), "too_new"],
    ["no token", () => "a.b", "malformed_signature"],
  ])("are refused with %s", async (_name, make, code) => {
    await expect(check(make())).rejects.toMatchObject({ code });
  });

  test("are refused for another body", async () => {
    await expect(check(token(), "{}")).rejects.toMatchObject({ code: "wrong_signature" });
  });
});
