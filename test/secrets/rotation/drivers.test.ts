import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../../src/host/clock.ts";
import { rotationLockFile } from "../../../src/secrets/location.ts";
import { withLock } from "../../../src/secrets/lock.ts";
import { journalOf } from "../../../src/secrets/rotation/journal.ts";
import { rotatingProject } from "./project.ts";

interface Asked {
  method: string;
  path: string;
  /** What the Authorization header says, base64 decoded where it is Basic. */
  proof: string;
  body: string;
}

type Answer = [status: number, body?: unknown, location?: string] | "drop" | "never";

/** A server on loopback that answers as told; `drop` closes the connection after the deed, `never` keeps it open. */
async function serve(answer: (asked: Asked) => Answer): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const [scheme, text = ""] = (request.headers.authorization ?? "").split(" ");
    const proof = scheme === "Basic" ? Buffer.from(text, "base64").toString() : text;
    const one = { method: request.method ?? "", path: request.url ?? "", proof, body };
    asked.push(one);
    const told = answer(one);
    if (told === "never") return;
    if (told === "drop") {
      request.socket.destroy();
      return;
    }
    const [status, document, location] = told;
    response.writeHead(status, { "content-type": "application/json", ...(location ? { location } : {}) });
    response.end(document === undefined ? undefined : JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const rotations = ({ stdout }: { stdout: string }) => JSON.parse(stdout).rotations;

describe("http", () => {
  test("key id and key secret move together, the request is a form, and what the key may do is taken over", async () => {
    const keys = new Map([["SK1", "first"]]);
    const { url, asked } = await serve(({ method, path, proof, body }) => {
      const [id = "", secret] = proof.split(":");
      if (keys.get(id) !== secret) return [401];
      if (path === "/balance") return [200, {}];
      if (path === "/keys/SK1/scopes") return [200, { scopes: ["a", "b"] }];
      if (path === "/whoami") return [200, { sid: id }];
      if (method === "POST") {
        keys.set("SK2", "second");
        return [201, { sid: "SK2", secret: "second", got: body }];
      }
      return keys.delete(path.slice("/keys/".length)) ? [204] : [404];
    });
    const project = await rotatingProject(
      url,
      `auth: { scheme: basic, usernameSecret: key_sid, passwordSecret: key_secret }
secrets:
  key_sid: {}
  key_secret:
    rotation:
      driver: http
      verify: get-balance
      create:
        request: POST /keys
        form: { FriendlyName: "{{tag}}", Scopes: "{{scopes}}" }
        copy: { request: "GET /keys/{{id}}/scopes", values: { scopes: $.scopes } }
        value: $.secret
        id: $.sid
        with: { key_sid: $.sid }
      identify: { request: GET /whoami, id: $.sid }
      revoke: { request: "DELETE /keys/{{id}}" }
endpoints: { get-balance: { request: GET /balance } }
`,
      { "acme/key_sid": "SK1", "acme/key_secret": "first" },
    );
    const done = await project.cli("secrets rotate acme --grace 0s --yes --json");
    expect(rotations(done)).toMatchObject([
      { secret: "acme/key_secret", result: "rotated", observedDead: true },
    ]);
    expect([await project.current("acme/key_sid"), await project.current("acme/key_secret")]).toEqual([
      "SK2",
      "second",
    ]);
    expect([...keys]).toEqual([["SK2", "second"]]);
    const form = new URLSearchParams(
      asked.find(({ path, method }) => path === "/keys" && method === "POST")?.body,
    );
    expect([form.get("FriendlyName"), form.get("Scopes")]).toEqual([expect.stringMatching(/^integ-/), "a,b"]);
    const ledger = await project.cli("secrets list --json");
    expect(JSON.parse(ledger.stdout).secrets.map((row: { labels: string[] }) => row.labels)).toEqual([
      ["current"],
      ["current"],
    ]);
  });

  test("where a key may not manage keys another secret proves who asks", async () => {
    const alive = new Set(["first"]);
    const { url, asked } = await serve(({ method, path, proof }) => {
      if (path === "/me") return alive.has(proof) ? [200, {}] : [401];
      if (proof !== "root") return [403];
      if (method === "GET") return [200, { data: [] }];
      if (method === "POST") return alive.add("second") && [201, { value: "second", id: 7 }];
      return alive.delete("first") ? [204] : [404];
    });
    const project = await rotatingProject(
      url,
      `auth: { scheme: bearer, secret: api_key }
secrets:
  admin_key: {}
  api_key:
    rotation:
      driver: http
      verify: get-me
      proof: admin_key
      create: { request: POST /keys, body: { name: "{{tag}}" }, value: $.value, id: $.id }
      list: { request: GET /keys, keys: $.data, id: $.id, name: $.name }
      revoke: { request: "DELETE /keys/{{id}}" }
endpoints: { get-me: { request: GET /me } }
`,
      { "acme/admin_key": "root", "acme/api_key": "first" },
    );
    const graced = await project.cli("secrets rotate acme/api_key --yes --json");
    expect(rotations(graced)).toMatchObject([{ result: "in-grace" }]);
    expect(asked.filter(({ path }) => path.startsWith("/keys")).map(({ proof }) => proof)).not.toContain(
      "first",
    );
    expect(await project.current("acme/api_key")).toBe("second");
  });
});

describe("faults", () => {
  const KEYS = `auth: { scheme: bearer, secret: api_key }
deadlines: { total: 300ms }
secrets:
  api_key:
    rotation:
      driver: http
      verify: get-me
      create: { request: POST /keys, body: { name: "{{tag}}" }, value: $.value, id: $.id }
      identify: { request: GET /me, id: $.id }
      revoke: { request: "DELETE /keys/{{id}}" }
endpoints: { get-me: { request: GET /me } }
`;

  async function provider({ pushes = false, made = "made", elsewhere = "" } = {}) {
    const keys = new Map([["1", "first"]]);
    const silent = { for: "" };
    const { url } = await serve(({ method, path, proof }) => {
      const [id] = [...keys].find(([, key]) => key === proof) ?? [];
      if (id === undefined) return [401];
      if (proof === silent.for) return "never";
      if (path === "/me" && proof !== "first" && elsewhere) return [302, {}, elsewhere];
      if (path === "/me") return [200, { id }];
      const next = `${keys.size + 1}`;
      if (method === "POST")
        return keys.set(next, `${made}-${next}`) && [201, { id: next, value: `${made}-${next}` }];
      return keys.delete(path.slice("/keys/".length)) ? [204] : [404];
    });
    const push = "{ file: { to: command, environment: dev, secrets: [acme], command: [sh, push.sh] } }";
    const config = pushes ? `secrets: { push: ${push} }\n` : "";
    return { keys, silent, project: await rotatingProject(url, KEYS, { "acme/api_key": "first" }, config) };
  }

  test("a push that failed is shown, and done at once by the next run: the grace goes on", async () => {
    const { project } = await provider({ pushes: true });
    const { cli, cwd } = project;
    const script = (text: string) => writeFile(join(cwd, "push.sh"), text);
    await script("exit 7");
    expect(await cli("secrets rotate acme --yes")).toMatchObject({ code: 3 });
    const shown = await cli("secrets list --json");
    expect(JSON.parse(shown.stdout).secrets).toMatchObject([{ openPushes: ["file"], rotation: "grace" }]);
    expect((await cli("secrets list")).stdout).toMatch(/not pushed to file/);
    expect((await cli("secrets rotate --dry-run")).stdout).toMatch(/from `grace`; not pushed to file yet/);
    await script(`cat > "${join(cwd, "deployed")}"`);
    const resumed = await cli("secrets rotate --resume --yes --json");
    expect(rotations(resumed)).toMatchObject([{ result: "in-grace" }]);
    expect(await readFile(join(cwd, "deployed"), "utf8")).toBe(await project.current("acme/api_key"));
    expect(rotations(await cli("secrets rotate --resume --yes --json"))).toMatchObject([
      { result: "waiting" },
    ]);
    expect((await cli("secrets list")).stdout).not.toMatch(/not pushed/);
  });

  test("a test that times out: the old value stays in use, and --resume tests the same new one again", async () => {
    const { keys, silent, project } = await provider();
    silent.for = "made-2";
    const stopped = await project.cli("secrets rotate acme --yes");
    expect(stopped).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/could not be tested.*--resume/s),
    });
    expect(await project.current("acme/api_key")).toBe("first");
    expect(keys.size).toBe(2);
    silent.for = "";
    const resumed = await project.cli("secrets rotate --resume --yes --json");
    expect(rotations(resumed)).toMatchObject([{ result: "in-grace" }]);
    expect(await project.current("acme/api_key")).toBe("made-2");
    expect(keys.size).toBe(2);
  });

  test("a sign-in page of another origin, which is sent no value, proves none", async () => {
    const signIn = await serve(() => [200, {}]);
    const { keys, project } = await provider({ elsewhere: `${signIn.url}/sign-in` });
    expect(await project.cli("secrets rotate acme --yes")).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(
        /could not be tested: GET \/me was redirected to http:\S+, without the value/,
      ),
    });
    expect(await project.current("acme/api_key")).toBe("first");
    expect(signIn.asked.map(({ proof }) => proof)).not.toContain("made-2");
    expect(await project.cli("secrets rotate acme --abort --yes")).toMatchObject({ code: 0 });
    expect([...keys.values()]).toEqual(["first"]);
  });

  test("an answer that does not say whose key it is proves none, where the manifest says where that stands", async () => {
    const { url } = await serve(({ path, method, proof }) => {
      if (path === "/me")
        return [200, proof === "first" ? { id: "1", account: "a" } : "<html>sign in</html>"];
      return method === "POST" ? [201, { value: "made-2", id: "2" }] : [204];
    });
    const whose = KEYS.replace("verify: get-me", "verify: get-me\n      identity: $.account");
    const project = await rotatingProject(url, whose, { "acme/api_key": "first" });
    expect(await project.cli("secrets rotate acme --yes")).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(
        /could not be tested: GET \/me answered 200, and not whose key it is at \$\.account/,
      ),
    });
    expect(await project.current("acme/api_key")).toBe("first");
  });

  test.each([
    ["a line break", "made\r\nX-Other: 1"],
    ["a NUL character", "ma\0de"],
    ["a character outside of Latin-1", "ma\u2013de"],
  ])("a new value with %s, which no header can carry, is taken back", async (what, made) => {
    const { keys, project } = await provider({ made });
    const { code, stdout } = await project.cli("secrets rotate acme --yes");
    expect(code).toBe(4);
    expect(stdout).toContain(
      `was not put into use: no request can carry it (the secret api_key holds ${what}`,
    );
    expect([...keys.values()]).toEqual(["first"]);
    expect(await project.current("acme/api_key")).toBe("first");
    expect(JSON.parse((await project.cli("secrets list --json")).stdout).secrets[0].labels).toEqual([
      "current",
    ]);
  });

  test.each([
    ["half a character", '{"value":"made-2","id":"a\\ud800"}'],
    ["a number that JSON rounds", '{"value":"made-2","id":12345678901234567890}'],
  ])("an id with %s is none: no other key is revoked in its place", async (_, answer) => {
    const { url, asked } = await serve(({ method, path }) => {
      if (path === "/me") return [200, { id: "1" }];
      return method === "POST" ? [201, JSON.parse(answer)] : [404];
    });
    const project = await rotatingProject(url, KEYS, { "acme/api_key": "first" });
    await project.cli("secrets rotate acme --yes");
    expect(await project.cli("secrets rotate acme --abort --yes")).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/nothing says which of the provider's keys it is/),
    });
    expect(asked.filter(({ method }) => method === "DELETE")).toEqual([]);
  });

  test("keys are listed by the provider itself, as a list: else a key that was left behind would be passed over", async () => {
    const stranger = await serve(() => [200, { data: [] }]);
    const answers: Answer[] = [[302, {}, `${stranger.url}/keys`], [200, { data: "none" }], [200]];
    const { url, asked } = await serve(({ method, path }) => {
      if (path === "/me") return [200, { id: "1" }];
      return method === "POST" ? [500] : (answers.shift() ?? [200, {}]);
    });
    const listed = KEYS.replace(
      "      identify",
      "      list: { request: GET /keys, keys: $.data, id: $.id, name: $.name }\n      identify",
    );
    const project = await rotatingProject(url, listed, { "acme/api_key": "first" });
    const rotate = async () => (await project.cli("secrets rotate acme --yes")).stdout;
    expect(await rotate()).toMatch(/redirected GET \/keys to http:\S+, where no credential is sent/);
    expect(await rotate()).toMatch(/has no list of keys at \$\.data/);
    expect(await rotate()).toMatch(/has no list of keys at \$\.data/);
    expect(asked.filter(({ method }) => method === "POST")).toEqual([]);
    // Where an empty list is left out there are none.
    expect(await rotate()).toMatch(/did not make a key: POST \/keys: the provider answered 500/);
  });

  test("a revocation that says 404 is one that was done already", async () => {
    const { keys, project } = await provider();
    await project.cli("secrets rotate acme --yes");
    keys.delete("1");
    const ended = await project.cli("secrets rotate acme --end-grace --yes --json");
    expect(rotations(ended)).toMatchObject([{ result: "rotated", observedDead: true }]);
    expect([...keys.values()]).toEqual([await project.current("acme/api_key")]);
  });

  test("while one process rotates, another is refused and told which; nothing is made twice", async () => {
    const { keys, project } = await provider({ pushes: true });
    const lock = rotationLockFile("shop", "dev", project.env);
    await withLock(lock, systemClock, async () => {
      for (const command of ["rotate acme", "push", "migrate --to keychain"]) {
        expect(await project.cli(`secrets ${command} --yes`)).toMatchObject({
          code: 4,
          stderr: expect.stringMatching(new RegExp(`Process ${process.pid} is rotating`)),
        });
      }
    });
    expect(keys.size).toBe(1);
  });
});

describe("webhook: what signs may be two for a time", () => {
  test("during the grace a program gets both, the new one first; afterwards one", async () => {
    const { url } = await serve(({ method, proof }) =>
      proof === "key" ? [method === "POST" ? 201 : 204, { secret: "whnew-secret" }] : [401],
    );
    const project = await rotatingProject(
      url,
      `auth: { scheme: bearer, secret: api_key }
secrets:
  api_key: {}
  webhook_secret:
    env: ACME_WEBHOOK
    rotation:
      driver: webhook
      grace: 1h
      create: { request: POST /hooks/1/roll, value: $.secret }
endpoints: {}
`,
      { "acme/api_key": "key", "acme/webhook_secret": "whold-secret" },
    );
    const file = join(project.cwd, "seen");
    const script = `require('fs').writeFileSync('${file}',process.env.ACME_WEBHOOK)`;
    const seen = async () => {
      expect(await project.cli(`run --unmasked -- node -e ${script}`)).toMatchObject({ code: 0 });
      return readFile(file, "utf8");
    };
    expect(await seen()).toBe("whold-secret");
    const graced = await project.cli("secrets rotate acme/webhook_secret --yes --json");
    expect(rotations(graced)).toMatchObject([{ result: "in-grace" }]);
    expect(await seen()).toBe("whnew-secret,whold-secret");
    const ended = await project.cli("secrets rotate acme/webhook_secret --end-grace --yes --json");
    expect(rotations(ended)).toMatchObject([{ result: "rotated" }]);
    expect(await seen()).toBe("whnew-secret");
  });

  test("one set by hand, that nobody can name or ask with: the rotation ends when a person says that it is revoked", async () => {
    const { url } = await serve(({ method, proof }) =>
      proof === "key" ? [method === "POST" ? 201 : 200, { secret: "whnew-secret", id: "2" }] : [401],
    );
    const project = await rotatingProject(
      url,
      `auth: { scheme: bearer, secret: api_key }
secrets:
  api_key: {}
  webhook_secret:
    rotation:
      driver: webhook
      create: { request: POST /hooks, value: $.secret, id: $.id }
      revoke: { request: "DELETE /hooks/{{id}}" }
endpoints: {}
`,
      { "acme/api_key": "key", "acme/webhook_secret": "whold-secret" },
    );
    for (const flags of ["--grace 0s --unverified", "--resume"]) {
      expect(await project.cli(`secrets rotate acme/webhook_secret ${flags} --yes`)).toMatchObject({
        code: 3,
        stdout: expect.stringMatching(/was not revoked[\s\S]*--resume --unverified/),
      });
    }
    const ended = await project.cli("secrets rotate acme/webhook_secret --resume --unverified --yes --json");
    expect(rotations(ended)).toMatchObject([{ result: "rotated", observedDead: false }]);
    expect(await project.current("acme/webhook_secret")).toBe("whnew-secret");
  });
});

describe("in place: the old value dies when the new one is made", () => {
  const MANIFEST = `auth: { scheme: bearer, secret: api_key }
secrets:
  api_key:
    rotation:
      driver: http
      inPlace: true
      verify: get-me
      create: { request: "PUT /tokens/{{id}}/value", value: $.value }
      identify: { request: GET /me, id: $.id }
endpoints: { get-me: { request: GET /me } }
`;

  async function rolling() {
    const provider = { value: "first", rolls: 0, loses: false, works: true };
    const { url } = await serve(({ method, path, proof }) => {
      if (proof !== provider.value || !provider.works) return [401];
      if (method === "GET") return [200, { id: "t1" }];
      if (path !== "/tokens/t1/value") return [404];
      provider.rolls += 1;
      provider.value = `rolled-${provider.rolls}`;
      if (provider.loses) return "drop";
      return [200, { value: provider.value }];
    });
    return { provider, project: await rotatingProject(url, MANIFEST, { "acme/api_key": "first" }) };
  }

  test("is refused, with its reason, until --accept-downtime is given; then there is no grace", async () => {
    const { provider, project } = await rolling();
    expect(await project.cli("secrets rotate acme --yes")).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/replaces it at once[\s\S]*--accept-downtime/),
    });
    expect(provider.rolls).toBe(0);
    const done = await project.cli("secrets rotate acme --accept-downtime --yes --json");
    expect(rotations(done)).toMatchObject([{ result: "rotated", inPlace: true }]);
    expect(await project.current("acme/api_key")).toBe("rolled-1");
    expect(journalOf(await project.envelope(), "acme/api_key")).toBeUndefined();
  });

  test("a lost answer is never asked for again with the dead value, and is said plainly", async () => {
    const { provider, project } = await rolling();
    provider.loses = true;
    expect(await project.cli("secrets rotate acme --accept-downtime --yes")).toMatchObject({ code: 3 });
    expect(await project.cli("secrets rotate --resume --yes")).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/is dead[\s\S]*make a new value/),
    });
    expect(await project.cli("secrets rotate acme --abort --yes")).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/is ended, but its value is dead/),
    });
    expect(journalOf(await project.envelope(), "acme/api_key")).toBeUndefined();
    expect(provider.rolls).toBe(1);
  });

  test("a new value that nobody can test is in use all the same, and cannot be undone", async () => {
    const { provider, project } = await rolling();
    const { cli } = project;
    await cli("secrets rotate acme --accept-downtime --unverified --yes");
    expect(await project.current("acme/api_key")).toBe("rolled-1");
    provider.works = false;
    expect((await cli("secrets rotate acme --accept-downtime --yes")).code).not.toBe(0);
    expect(await project.current("acme/api_key")).toBe("rolled-1");
  });
});

describe("oauth2: a refresh token that may be used once", () => {
  async function signedIn(replaces = true) {
    const tokens = { refresh: "r0", access: "a0", grants: 0 };
    const used = new Set<string>();
    const { url, asked } = await serve(({ path, proof, body }) => {
      if (path === "/me") return proof === tokens.access ? [200, { id: "u1" }] : [401];
      const given = new URLSearchParams(body).get("refresh_token") ?? "";
      if (given !== tokens.refresh || used.has(given)) return [400, { error: "invalid_grant" }];
      tokens.grants += 1;
      tokens.access = `a${tokens.grants}`;
      if (!replaces) return [200, { access_token: tokens.access }];
      used.add(given);
      tokens.refresh = `r${tokens.grants}`;
      return [200, { access_token: tokens.access, refresh_token: tokens.refresh }];
    });
    const project = await rotatingProject(
      url,
      `auth: { scheme: oauth2-refresh, tokenUrl: "${url}/token", clientId: app, refreshTokenSecret: refresh_token }
secrets: { refresh_token: { rotation: { driver: oauth2, verify: get-me } } }
endpoints: { get-me: { request: GET /me } }
`,
      { "acme/refresh_token": "r0" },
    );
    return { tokens, asked, project };
  }

  test("the new one takes the old one's place, seen to work by its access token and not spent by that", async () => {
    const { tokens, asked, project } = await signedIn();
    const done = await project.cli("secrets rotate acme --accept-downtime --yes --json");
    expect(rotations(done)).toMatchObject([{ result: "rotated", inPlace: true }]);
    expect(await project.current("acme/refresh_token")).toBe("r1");
    expect(tokens.grants).toBe(1);
    expect(asked.map(({ path, proof }) => [path, proof])).toContainEqual(["/me", "a1"]);
    // And once more: what was stored is not spent.
    await project.cli("secrets rotate acme --accept-downtime --yes");
    expect(await project.current("acme/refresh_token")).toBe("r2");
  });

  test("a provider that keeps the old token: nothing changes, and it is said", async () => {
    const { project } = await signedIn(false);
    expect(await project.cli("secrets rotate acme --accept-downtime --yes")).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/is the old one/),
    });
    expect(journalOf(await project.envelope(), "acme/refresh_token")).toBeUndefined();
  });

  test("a token that the provider refuses says to sign in again", async () => {
    const { tokens, project } = await signedIn();
    tokens.refresh = "another";
    expect(await project.cli("secrets rotate acme --accept-downtime --yes")).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/invalid_grant[\s\S]*sign in again/),
    });
  });
});
