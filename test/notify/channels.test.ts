import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import { describe, expect, onTestFinished, test } from "vitest";
import { finding } from "../../src/base/finding.ts";
import { emailChannel } from "../../src/notify/channels/email.ts";
import { slackMessage } from "../../src/notify/channels/slack.ts";
import { createWebhookVerifier, standardScheme } from "../../src/runtime/index.ts";
import { serve } from "../check/project.ts";
import { makeCertificate } from "../support/certificate.ts";
import { integ } from "../support/cli.ts";
import { moodyProject } from "./world.ts";

interface Delivery {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Somebody who is told by HTTP; answers with the statuses given, then 200. */
async function listener(...statuses: number[]) {
  const got: Delivery[] = [];
  const url = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    got.push({ path: request.url ?? "", headers, body });
    response.writeHead(statuses.shift() ?? 200).end("ok");
  });
  return { url, got };
}

describe("--notify slack", () => {
  const config = "notify: { slack: { url: SLACK_WEBHOOK_URL } }\n";
  const options = { notify: ["slack"] };

  test("tells once what is new, nothing of an outage, and once that it is gone", async () => {
    const { check } = await moodyProject(config);
    const { url, got } = await listener();
    const env = { SLACK_WEBHOOK_URL: `${url}/services/T0/B0/x`, CI_JOB_URL: "https://ci.example.com/1" };
    await check("fine", options, env);
    await check("broken", options, env);
    await check("broken", options, env);
    await check("down", options, env);
    await check("broken", options, env);
    await check("fine", options, env);
    await check("fine", options, env);
    expect(got.map(({ path }) => path)).toEqual(["/services/T0/B0/x", "/services/T0/B0/x"]);
    const [first, second] = got.map(({ body }) => JSON.parse(body));
    expect(first.text).toBe("shop (dev): 1 new finding");
    expect(JSON.stringify(first.blocks)).toContain("acme@v1/get-thing (dev)");
    expect(JSON.stringify(first.blocks)).toContain("https://ci.example.com/1");
    expect(second.text).toBe("shop (dev): 1 gone");
  });

  test("what did not arrive is a finding, without the address, and is told the next time", async () => {
    const { check } = await moodyProject(config);
    const { url, got } = await listener(500, 500, 500, 404);
    const env = { SLACK_WEBHOOK_URL: `${url}/services/T0/B0/hush` };
    for (const says of ["500", "404"]) {
      const failed = await check("broken", options, env);
      expect(failed.code).toBe(1);
      const told = failed.report.findings.find(({ rule }: { rule: string }) => rule === "check/not-told");
      expect(told).toMatchObject({ severity: "inconclusive", message: expect.stringContaining(says) });
      expect(JSON.stringify(failed)).not.toContain("hush");
    }
    const { code } = await check("broken", options, env);
    expect([code, got.length]).toEqual([1, 5]);
    const nothing = await check("fine", options, {});
    expect(nothing.report.findings).toMatchObject([{ rule: "check/not-told" }]);
    expect(nothing.report.findings[0].message).toContain("SLACK_WEBHOOK_URL is not set");
  });

  test("an address that redirects is not followed, asked once, and what it redirects to is not told", async () => {
    const { check } = await moodyProject(config);
    let asked = 0;
    const url = await serve((request, response) => {
      asked++;
      response.writeHead(301, { location: `/elsewhere${request.url}` }).end();
    });
    const { report } = await check("broken", options, { SLACK_WEBHOOK_URL: `${url}/services/T0/B0/hush` });
    expect(report.findings).toContainEqual(
      expect.objectContaining({
        rule: "check/not-told",
        message: "Slack could not be told: its address redirects to another",
      }),
    );
    expect([asked, JSON.stringify(report).includes("hush")]).toEqual([1, false]);
  });

  test("who holds us back until a date far away is not asked again before", async () => {
    const { check } = await moodyProject(config);
    let asked = 0;
    const url = await serve((_request, response) => {
      asked++;
      response.writeHead(429, { "retry-after": new Date(Date.now() + 3_600_000).toUTCString() }).end("later");
    });
    const { report } = await check("broken", options, { SLACK_WEBHOOK_URL: url });
    expect(report.findings).toContainEqual(expect.objectContaining({ rule: "check/not-told" }));
    expect(asked).toBe(1);
  });

  test("a page that a proxy answers with 200 is not Slack's `ok`: nobody was told, and the next run tells", async () => {
    const { check } = await moodyProject(config);
    const answers = ["<!doctype html><title>Sign in</title>", "ok"];
    const url = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(answers.shift());
    });
    const env = { SLACK_WEBHOOK_URL: `${url}/services/T0/B0/hush` };
    const proxied = await check("broken", options, env);
    expect(proxied.report.findings).toContainEqual(expect.objectContaining({ rule: "check/not-told" }));
    expect(JSON.stringify(proxied)).not.toContain("hush");
    const { report } = await check("broken", options, env);
    expect(report.findings).not.toContainEqual(expect.objectContaining({ rule: "check/not-told" }));
    expect(answers).toEqual([]);
  });

  test("where what was told cannot be kept, that is said, and what was found is not lost", async () => {
    const { check, cwd } = await moodyProject(config);
    const { url, got } = await listener();
    await mkdir(join(cwd, ".integ/notified.json"), { recursive: true });
    const { code, report } = await check("broken", options, { SLACK_WEBHOOK_URL: url });
    expect([code, got.length]).toEqual([1, 1]);
    expect(report.findings).toMatchObject([
      { severity: "error" },
      {
        rule: "check/not-told",
        message: expect.stringMatching(/^What was told cannot be kept.*notified\.json/),
      },
    ]);
  });

  test("nothing that a provider says is a mention, a link or markup; Slack's limits are kept", () => {
    const hostile = "<!channel> <https://evil.example|pay> *bold* @here &amp;";
    const appeared = Array.from({ length: 60 }, (_, i) =>
      finding({ rule: "r/x", severity: "error", message: hostile.repeat(200), endpoint: `e${i}` }),
    );
    const message = slackMessage({
      project: "<!everyone>",
      environment: "prod",
      at: "2026-01-01T00:00:00Z",
      changes: { appeared, gone: [], told: [] },
    });
    const { text, blocks } = JSON.parse(JSON.stringify(message));
    expect(text).toBe("&lt;!everyone&gt; (prod): 60 new findings");
    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const { text: inner } of blocks) {
      expect(inner.type).toBe("plain_text");
      expect(inner.text.length).toBeLessThanOrEqual(3000);
    }
    expect(blocks[0].text.text.length).toBeLessThanOrEqual(150);
  });
});

test("--notify webhook: signed so that the runtime's own verifier takes it, with one id however often it is sent", async () => {
  const { check, cwd } = await moodyProject("notify: { webhook: { url: HOOK_URL, secret: HOOK_KEY } }\n");
  const { url, got } = await listener(503);
  const key = `whsec_${randomBytes(32).toString("base64")}`;
  const env = { HOOK_URL: url, HOOK_KEY: key };
  await check("broken", { notify: ["webhook"] }, env);
  expect(got).toHaveLength(2);
  const verify = createWebhookVerifier({ scheme: standardScheme, secret: "KEY", env: { KEY: key } });
  const ids = got.map(({ headers, body }) => verify({ headers, body }).id);
  expect(new Set(ids).size).toBe(1);
  const { type, data } = JSON.parse(got[0]?.body ?? "");
  expect([type, data.project, data.environment]).toEqual(["integ.check", "shop", "dev"]);
  expect(data.appeared).toMatchObject([{ rule: "probe/gone", severity: "error" }]);
  const weak = await check("fine", { notify: ["webhook"] }, { ...env, HOOK_KEY: "short" });
  expect(weak.report.findings).toMatchObject([
    { rule: "check/not-told", message: expect.stringContaining("no key") },
  ]);
  // Only what people were told lies in the project, no credential.
  expect(await readFile(join(cwd, ".integ/notified.json"), "utf8")).not.toContain(key);
});

/** A server of mail that keeps what it takes. */
async function mailServer(options: ConstructorParameters<typeof SMTPServer>[0], host = "127.0.0.1") {
  const mails: string[] = [];
  const server = new SMTPServer({
    ...options,
    onData: (stream, _session, done) => {
      let text = "";
      stream.on("data", (chunk) => {
        text += chunk;
      });
      stream.on("end", () => {
        mails.push(text);
        done();
      });
    },
  });
  // Clients that break off are what some tests are about.
  server.on("error", () => {});
  const listening = server.listen(0, host);
  await new Promise((resolve, reject) => listening.once("listening", resolve).once("error", reject));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const address = listening.address();
  return { mails, port: typeof address === "object" && address ? address.port : 0 };
}

describe("--notify email", () => {
  const config = "notify: { email: { smtp: SMTP_URL, from: integ@example.com, to: [team@example.com] } }\n";

  test("sends one mail in plain text; a password never goes out in clear text", async () => {
    const { check } = await moodyProject(config);
    const { mails, port } = await mailServer({ authOptional: true, hideSTARTTLS: true });
    await check("broken", { notify: ["email"] }, { SMTP_URL: `smtp://127.0.0.1:${port}` });
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatch(/^Subject: \[integ\] shop \(dev\): 1 new finding\r$/m);
    expect(mails[0]).toMatch(/^To: team@example\.com\r$/m);
    expect(mails[0]).toMatch(/^Content-Type: text\/plain/m);
    const word = randomBytes(9).toString("hex");
    const clear = await check(
      "fine",
      { notify: ["email"] },
      { SMTP_URL: `smtp://integ:${word}@127.0.0.1:${port}` },
    );
    expect(mails).toHaveLength(1);
    expect(clear.report.findings).toMatchObject([{ rule: "check/not-told" }]);
    expect(JSON.stringify(clear)).not.toContain(word);
  });

  test("signs in over TLS, with a certificate that is trusted and no other", async () => {
    const { cwd, check } = await moodyProject(config);
    const { key, cert } = makeCertificate({ name: "mail", hosts: ["127.0.0.1"] });
    const word = randomBytes(9).toString("hex");
    const { mails, port } = await mailServer({
      secure: true,
      key,
      cert,
      onAuth: ({ username, password }, _session, done) =>
        username === "integ" && password === word ? done(null, { user: username }) : done(new Error("no")),
    });
    const env = { SMTP_URL: `smtps://integ:${word}@127.0.0.1:${port}` };
    const untrusted = await check("broken", { notify: ["email"] }, env);
    expect(untrusted.report.findings).toContainEqual(expect.objectContaining({ rule: "check/not-told" }));
    const ca = join(cwd, "ca.pem");
    await writeFile(ca, cert);
    const ran = await integ(["check", "--notify", "email", "--json"], {
      cwd,
      env: { ...env, NODE_EXTRA_CA_CERTS: ca },
    });
    expect(JSON.parse(ran.stdout).findings).not.toContainEqual(
      expect.objectContaining({ rule: "check/not-told" }),
    );
    expect(mails).toHaveLength(1);
  });
});

describe("a mail server that is of little help", () => {
  const message = {
    project: "shop",
    environment: "prod",
    at: "2026-01-01T00:00:00Z",
    changes: { appeared: [finding({ rule: "r/x", severity: "error", message: "gone" })], gone: [], told: [] },
  };
  const tell = (smtp: string, options: { signal?: AbortSignal; deadlineMs?: number; to?: string[] } = {}) =>
    emailChannel(
      { smtp, from: "integ@example.com", to: options.to ?? ["team@example.com"] },
      { signal: new AbortController().signal, ...options },
    ).tell(message);

  /** A server that answers the greeting of a client, and then is never done with what it says. */
  async function chatterbox(said: () => void = () => {}): Promise<string> {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.write("220 here\r\n");
      socket.once("data", () => {
        const timer = setInterval(() => socket.write("250-and\r\n"), 10);
        socket.once("close", () => clearInterval(timer));
        said();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
    const address = server.address();
    return `smtp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  }

  test("holds a check up for a bounded time, however much it says", async () => {
    await expect(tell(await chatterbox(), { deadlineMs: 300 })).rejects.toMatchObject({
      code: "notify/failed",
      message: expect.stringContaining("took too long"),
    });
  });

  test("does not hold up somebody who wants an end", async () => {
    const stop = new AbortController();
    const reason = new Error("interrupted");
    const url = await chatterbox(() => stop.abort(reason));
    await expect(tell(url, { signal: stop.signal })).rejects.toBe(reason);
  });

  test("that refuses some of several is told with those whom it refuses; the others are not told twice", async () => {
    const config =
      "notify: { email: { smtp: SMTP_URL, from: i@example.com, to: [a@example.com, gone@example.com] } }\n";
    const { check } = await moodyProject(config);
    const { mails, port } = await mailServer({
      authOptional: true,
      hideSTARTTLS: true,
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith("gone") ? done(new Error("no such user")) : done(),
    });
    const env = { SMTP_URL: `smtp://127.0.0.1:${port}` };
    const { code, report } = await check("broken", { notify: ["email"] }, env);
    expect(code).toBe(1);
    expect(report.findings).toMatchObject([
      { severity: "error" },
      { rule: "check/not-told", message: expect.stringMatching(/refuses gone@example\.com$/) },
    ]);
    await check("broken", { notify: ["email"] }, env);
    expect(mails).toHaveLength(1);
  });

  test.each([
    ["a password with a % of its own", (word: string) => `smtps://integ:${word}%@127.0.0.1:1`, "%25"],
    ["nobody behind the port", (word: string) => `smtp://integ:${word}@127.0.0.1:1`, "nothing listens"],
    [
      "a part of the password where the host belongs",
      (word: string) => `smtp://integ:p@${word}/x@host`,
      "host",
    ],
  ])("%s: what was found is not lost, the reason is told, the password is not", async (_, smtp, says) => {
    const config = "notify: { email: { smtp: SMTP_URL, from: i@example.com, to: [a@example.com] } }\n";
    const { check } = await moodyProject(config);
    const word = randomBytes(9).toString("hex");
    const checked = await check("broken", { notify: ["email"] }, { SMTP_URL: smtp(word) });
    expect(checked.code).toBe(1);
    const told = checked.report.findings.find(({ rule }: { rule: string }) => rule === "check/not-told");
    expect(`${told.message} ${told.help}`).toContain(says);
    expect(JSON.stringify(checked)).not.toContain(word);
  });

  test("on IPv6 takes the mail", async ({ skip }) => {
    const { mails, port } = await mailServer({ authOptional: true, hideSTARTTLS: true }, "::1").catch(() =>
      skip("this machine has no IPv6"),
    );
    await tell(`smtp://[::1]:${port}`);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatch(/^Auto-Submitted: auto-generated\r$/im);
  });
});

test("who is to be told must be in the configuration, and a credential must not", async () => {
  const { check } = await moodyProject("");
  await expect(check("fine", { notify: ["slack"] }, {})).rejects.toMatchObject({ code: "usage/notify" });
  const pasted = await moodyProject("notify: { slack: { url: https://hooks.example.com/hush } }\n");
  const error: unknown = await pasted.check("fine", {}, {}).catch((one: unknown) => one);
  expect(error).toMatchObject({ exitCode: 2 });
  expect(JSON.stringify(error)).not.toContain("hush");
});
