import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { freshProject } from "../support/fresh-project.ts";
import { integInProcess } from "../support/in-process.ts";

/** What a scaffolded webhook.ts gives a server. */
interface Receiver {
  receive(delivery: { headers: Record<string, string>; body: string }): Promise<{ status: number }>;
}
type MakeReceiver = (handle: (event: { payload: unknown }) => unknown) => Receiver;

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** Hands out the one key that there is, as Plaid does; asked for another it refuses as Plaid does. */
function keyServer(asked: string[]): Server {
  return createServer(async (request, response) => {
    const { key_id } = JSON.parse(Buffer.concat(await request.toArray()).toString());
    asked.push(`${request.method} ${request.url} ${key_id}`);
    const known = key_id === "key-1";
    const key = {
      ...{ alg: "ES256", use: "sig", kid: key_id, expired_at: null },
      ...publicKey.export({ format: "jwk" }),
    };
    response.writeHead(known ? 200 : 400, { "content-type": "application/json" });
    response.end(JSON.stringify(known ? { key } : { error_code: "INVALID_WEBHOOK_VERIFICATION_KEY_ID" }));
  });
}

function delivery(body: string, kid = "key-1") {
  const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    iat: Math.floor(Date.now() / 1000),
    request_body_sha256: createHash("sha256").update(body).digest("hex"),
  };
  const signed = `${text({ alg: "ES256", kid, typ: "JWT" })}.${text(claims)}`;
  const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return { headers: { "plaid-verification": `${signed}.${signature.toString("base64url")}` }, body };
}

describe("the webhook of a scaffolded Plaid module", () => {
  const asked: string[] = [];
  const handled: unknown[] = [];
  const server = keyServer(asked);
  let receiver: Receiver;
  beforeAll(async () => {
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const { port } = server.address() as AddressInfo;
    const root = await freshProject(undefined, afterAll);
    const args = ["scaffold", "plaid", "--with", "webhook", "--base-url", `http://127.0.0.1:${port}`];
    expect(await integInProcess(args, { cwd: root })).toMatchObject({ code: 0 });
    vi.stubEnv("PLAID_CLIENT_ID", randomBytes(12).toString("hex"));
    vi.stubEnv("PLAID_SECRET", randomBytes(15).toString("hex"));
    const file = join(root, "src/integrations/plaid/v1/webhook.ts");
    const module: { plaidWebhook: MakeReceiver } = await import(/* @vite-ignore */ file);
    receiver = module.plaidWebhook(({ payload }) => handled.push(payload));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });

  test("believes what a key of Plaid's signed, and asks for that key once", async () => {
    const first = await receiver.receive(delivery('{"webhook_code":"ONE"}'));
    const second = await receiver.receive(delivery('{"webhook_code":"TWO"}'));
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(handled).toEqual([{ webhook_code: "ONE" }, { webhook_code: "TWO" }]);
    expect(asked).toEqual(["POST /webhook_verification_key/get key-1"]);
  });

  test("refuses another body, and an id that Plaid has no key of", async () => {
    handled.length = 0;
    const tampered = await receiver.receive({ ...delivery("{}"), body: '{"amount":1}' });
    const unknown = await receiver.receive(delivery("{}", "key-2"));
    expect([tampered.status, unknown.status]).toEqual([400, 400]);
    expect(handled).toEqual([]);
  });
});
