import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../support/cli.ts";
import { freshProject, typeCheck } from "../support/fresh-project.ts";
import { integInProcess } from "../support/in-process.ts";
import {
  hmacVerdict,
  messageVerdict,
  sigV4Verdict,
  type Verdict,
  verifyingServer,
} from "../support/signature-server.ts";

const key = ["key", randomUUID()].join("-");
const id = ["id", randomUUID()].join("-");
const bearer: Verdict = ({ headers }) => headers.authorization === "Bearer issued";
const clientOf = (text: string) => Buffer.from(text.replace(/^Basic /, ""), "base64").toString();

const PROGRAM = `
const names = process.argv.slice(2);
const out = {};
for (const name of names) {
  const { default: _, ...exported } = await import(\`./out/integrations/\${name}/v1/client.js\`);
  const [Client] = Object.values(exported);
  const prices = [];
  const client = new Client({
    retries: 0,
    onEvent: (event) => event.type === "attempt" && prices.push(event.price),
  });
  try {
  const read = await client.getThing({ query: { q: "a b" } });
  const written = await client.createThing({ name: "x", note: "é" });
  out[name] = { read, written, prices };
  } catch (error) {
    out[name] = String(error);
  }
}
console.log(JSON.stringify(out));
`;

describe("modules of APIs that want more than a key", () => {
  const auths = {
    oauth: "oauth2:/token",
    refresh: "oauth2-refresh:/token",
    aws: "aws-sigv4:eu-central-1/execute-api",
    hmac: "hmac:X-Signature",
    message: "http-signature",
  };
  const names = Object.keys(auths);
  let root = "";
  let server: Awaited<ReturnType<typeof verifyingServer>>;

  beforeAll(async () => {
    server = await verifyingServer(
      {
        oauth: bearer,
        refresh: bearer,
        aws: sigV4Verdict({ [id]: key }, { region: "eu-central-1", service: "execute-api" }),
        hmac: hmacVerdict(key),
        message: messageVerdict(key),
      },
      Object.fromEntries(
        ["oauth", "refresh"].map((name) => [`/${name}/token`, () => ({ access_token: "issued" })]),
      ),
    );
    root = await freshProject(undefined, afterAll);
    for (const [name, auth] of Object.entries(auths)) {
      const done = await integInProcess(
        [
          ...["scaffold", name, "--auth", auth, "--base-url", `${server.origin}/${name}`],
          ...["--endpoint", "get-thing=GET /things/{id=1}", "--endpoint", "create-thing=POST /things"],
        ].map((text) => text.replace("{id=1}", "1")),
        { cwd: root },
      );
      expect(done, done.stderr).toMatchObject({ code: 0 });
    }
  });
  afterAll(() => server.close());

  test("type-check, and prove themselves to a server that checks; what they cost is told", async () => {
    // A price in the manifest reaches the client with the next upgrade.
    const manifest = join(root, "src/integrations/hmac/integration.yaml");
    const text = await readFile(manifest, "utf8");
    const priced = text.replace("    consumer: GetThing\n", "    consumer: GetThing\n    price: 0.002 USD\n");
    await writeFile(manifest, `price: 1 EUR\n${priced}`);
    const upgraded = await integInProcess(["upgrade", "--force"], { cwd: root });
    expect(upgraded.stdout).toBe("src/integrations/hmac/v1/client.ts  updated\n");
    expect(await integInProcess(["upgrade", "--force"], { cwd: root })).toMatchObject({
      stdout: "everything is up to date\n",
    });

    const types = await typeCheck(root, ["--noEmit", "false", "--rootDir", "src", "--outDir", "out"]);
    expect(types).toMatchObject({ code: 0, stdout: "" });
    await writeFile(join(root, "app.mjs"), PROGRAM);
    const env = {
      OAUTH_CLIENT_ID: id,
      OAUTH_CLIENT_SECRET: key,
      REFRESH_CLIENT_ID: id,
      REFRESH_CLIENT_SECRET: key,
      REFRESH_REFRESH_TOKEN: key,
      AWS_ACCESS_KEY_ID: id,
      AWS_SECRET_ACCESS_KEY: key,
      HMAC_SIGNING_KEY: key,
      MESSAGE_SIGNING_KEY: key,
    };
    const ran = await run(process.execPath, ["app.mjs", ...names], { cwd: root, env });
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const thing = { read: { id: "1" }, written: { id: "1" } };
    const prices = [
      { amount: 0.002, currency: "USD" },
      { amount: 1, currency: "EUR" },
    ];
    expect(JSON.parse(ran.stdout)).toMatchObject({
      oauth: thing,
      refresh: thing,
      aws: thing,
      hmac: { ...thing, prices },
      message: thing,
    });
    const asked = server.arrived.filter(({ url }) => url.endsWith("/token"));
    expect(asked.map(({ headers }) => clientOf(headers.authorization ?? ""))).toEqual([
      `${id}:${key}`,
      `${id}:${key}`,
    ]);
    expect(asked.map(({ body }) => body)).toEqual([
      "grant_type=client_credentials",
      `grant_type=refresh_token&refresh_token=${key}`,
    ]);
  });

  test("another key is refused: the server does check", async () => {
    const wrong = Object.fromEntries(
      ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "HMAC_SIGNING_KEY", "MESSAGE_SIGNING_KEY"].map(
        (name) => [name, name === "AWS_ACCESS_KEY_ID" ? id : "wrong"],
      ),
    );
    for (const name of ["aws", "hmac", "message"]) {
      const ran = await run(process.execPath, ["app.mjs", name], { cwd: root, env: wrong });
      expect(ran.stdout).toContain("AuthenticationError");
      expect(ran.stdout).not.toContain(key);
    }
  });

  test("the command line and the generated client sign alike: `record` is answered too", async () => {
    for (const name of names) {
      const env = {
        [`${name.toUpperCase()}_CLIENT_ID`]: id,
        [`${name.toUpperCase()}_CLIENT_SECRET`]: key,
        [`${name.toUpperCase()}_REFRESH_TOKEN`]: key,
        [`${name.toUpperCase()}_ACCESS_KEY_ID`]: id,
        [`${name.toUpperCase()}_SECRET_ACCESS_KEY`]: key,
        [`${name.toUpperCase()}_SIGNING_KEY`]: key,
      };
      const recorded = await integInProcess(["record", `${name}/get-thing`, "--env", "dev"], {
        cwd: root,
        env,
      });
      expect(recorded, recorded.stderr).toMatchObject({ code: 0 });
    }
  });
});
