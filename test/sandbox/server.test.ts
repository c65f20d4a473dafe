import { describe, expect, onTestFinished, test } from "vitest";
import { type SandboxOptions, startSandbox } from "../../src/sandbox/server.ts";

/** What the tests look at in an answer; each reads only what its address has. */
interface Answer {
  id: string;
  secret: string;
  has_more: boolean;
  data: (Record<string, unknown> & { id: string })[];
  error: { code?: string; type: string; message: string };
  instant_available: unknown;
  addresses: string[];
}

const parsed = async (response: Response) => (await response.json()) as Answer;

async function sandbox(options: SandboxOptions = {}) {
  const running = await startSandbox(options);
  onTestFinished(() => running.close());
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${running.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${running.apiKey}`, ...init.headers },
    });
  const read = async (path: string) => parsed(await call(path));
  const administer = (change: unknown) =>
    fetch(`${running.url}/__sandbox`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(change),
    });
  return { ...running, running, call, read, administer };
}

describe("the API", () => {
  test("balance, customers and charges have the shapes Stripe documents", async () => {
    const { read } = await sandbox();
    expect(await read("/v1/balance")).toMatchObject({
      object: "balance",
      livemode: false,
      available: [
        { amount: expect.any(Number), currency: "usd", source_types: { card: expect.any(Number) } },
        {},
      ],
      pending: expect.any(Array),
    });
    const list = await read("/v1/customers?limit=2");
    expect(list).toMatchObject({ object: "list", has_more: true, url: "/v1/customers" });
    expect(list.data).toHaveLength(2);
    expect(list.data[0]).toMatchObject({
      id: expect.stringMatching(/^cus_\w{14}$/),
      object: "customer",
      email: expect.stringMatching(/@example\.com$/),
      metadata: {},
    });
    expect(await read(`/v1/customers/${list.data[0]?.id}`)).toEqual(list.data[0]);
    const charges = await read("/v1/charges?limit=100");
    expect(charges.data[0]).toMatchObject({ object: "charge", amount: expect.any(Number) });
    expect(new Set(charges.data.map(({ status }) => status))).toEqual(
      new Set(["succeeded", "pending", "failed"]),
    );
  });

  test("the same seed gives the same data, another seed other data", async () => {
    const [a, b, c] = [await sandbox({ seed: 7 }), await sandbox({ seed: 7 }), await sandbox({ seed: 8 })];
    const lists = await Promise.all([a, b, c].map(({ read }) => read("/v1/charges?limit=100")));
    expect(lists[0]).toEqual(lists[1]);
    expect(lists[0]).not.toEqual(lists[2]);
  });

  test("pages through every customer once, forward and backward", async () => {
    const { read } = await sandbox({ size: { customers: 11, charges: 0 } });
    const seen: string[] = [];
    let page = await read("/v1/customers?limit=4");
    for (;;) {
      seen.push(...page.data.map(({ id }) => id));
      if (!page.has_more) break;
      page = await read(`/v1/customers?limit=4&starting_after=${seen.at(-1)}`);
    }
    expect(new Set(seen).size).toBe(11);
    const back = await read(`/v1/customers?limit=4&ending_before=${seen[6]}`);
    expect(back.data.map(({ id }) => id)).toEqual(seen.slice(2, 6));
    expect(back.has_more).toBe(true);
  });

  test.each([
    ["/v1/customers?limit=0", 400, "parameter_invalid_integer"],
    ["/v1/customers?limit=many", 400, "parameter_invalid_integer"],
    ["/v1/customers?starting_after=cus_none", 400, "resource_missing"],
    ["/v1/customers/cus_none", 404, "resource_missing"],
    ["/v1/customers/%E0%A4%A", 404, "resource_missing"],
    ["/v1/nothing", 404, undefined],
  ])("%s is refused with %i", async (path, status, code) => {
    const { call } = await sandbox();
    const response = await call(path);
    expect(response.status).toBe(status);
    expect((await parsed(response)).error.code).toBe(code);
  });

  test("a missing and a wrong key are 401 in the provider's envelope, and the key is not repeated", async () => {
    const { url } = await sandbox();
    const missing = await fetch(`${url}/v1/balance`);
    expect(missing.status).toBe(401);
    expect(missing.headers.get("www-authenticate")).toMatch(/^Bearer/);
    const wrong = await fetch(`${url}/v1/balance`, { headers: { authorization: "Bearer very-wrong-key" } });
    expect(wrong.status).toBe(401);
    expect(await wrong.text()).not.toContain("very-wrong");
  });

  test("a repeated POST with one idempotency key makes one customer; other parameters are refused", async () => {
    const { call, read } = await sandbox({ size: { customers: 0, charges: 0 } });
    const post = (email: string) =>
      call("/v1/customers", {
        method: "POST",
        headers: { "idempotency-key": "one", "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ email }).toString(),
      });
    const first = await (await post("a@example.com")).json();
    const again = await post("a@example.com");
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await again.json()).toEqual(first);
    expect((await post("b@example.com")).status).toBe(400);
    expect((await read("/v1/customers")).data).toEqual([first]);
  });

  test("HEAD has the headers of GET and no body", async () => {
    const { call } = await sandbox();
    const response = await call("/v1/balance", { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get("content-length"))).toBeGreaterThan(100);
    expect(await response.text()).toBe("");
  });

  test("a body beyond 1 MiB is refused", async () => {
    const { call } = await sandbox();
    const response = await call("/v1/customers", { method: "POST", body: "x".repeat(1_100_000) }).catch(
      () => undefined,
    );
    expect(response?.status ?? 413).toBe(413);
  });
});

describe("keys", () => {
  test("a created key works, is shown once, and stops working when revoked", async () => {
    const { url, call, read } = await sandbox();
    const created = await parsed(await call("/v1/api_keys", { method: "POST", body: "name=second" }));
    const withKey = () =>
      fetch(`${url}/v1/balance`, { headers: { authorization: `Bearer ${created.secret}` } });
    expect((await withKey()).status).toBe(200);
    expect(JSON.stringify(await read("/v1/api_keys"))).not.toContain(created.secret);
    expect(await (await call(`/v1/api_keys/${created.id}`, { method: "DELETE" })).json()).toMatchObject({
      id: created.id,
      status: "revoked",
    });
    expect((await withKey()).status).toBe(401);
  });

  test("a provider that lags: a new key works later, a revoked one dies later", async () => {
    let now = Date.UTC(2026, 0, 1);
    const { url, call } = await sandbox({ now: () => now, keys: { activationMs: 1000, revocationMs: 5000 } });
    const { id, secret } = await parsed(await call("/v1/api_keys", { method: "POST" }));
    const status = async () =>
      (await fetch(`${url}/v1/balance`, { headers: { authorization: `Bearer ${secret}` } })).status;
    expect(await status()).toBe(401);
    now += 1000;
    expect(await status()).toBe(200);
    await call(`/v1/api_keys/${id}`, { method: "DELETE" });
    now += 4999;
    expect(await status()).toBe(200);
    now += 1;
    expect(await status()).toBe(401);
  });

  test("no more keys than the provider allows", async () => {
    const { call } = await sandbox({ keys: { maximum: 2 } });
    expect((await call("/v1/api_keys", { method: "POST" })).status).toBe(200);
    const refused = await call("/v1/api_keys", { method: "POST" });
    expect((await parsed(refused)).error.code).toBe("api_key_limit");
  });
});

describe("quota", () => {
  const now = Date.UTC(2026, 0, 15, 12);

  test.each([
    ["epoch", { "x-ratelimit-limit": "5", "x-ratelimit-remaining": "4", "x-ratelimit-reset": "1768478460" }],
    ["ietf", { ratelimit: '"default";r=4;t=60', "ratelimit-policy": '"default";q=5;w=60' }],
    ["ietf-draft3", { "ratelimit-limit": "5, 5;w=60", "ratelimit-remaining": "4", "ratelimit-reset": "60" }],
    ["openai", { "x-ratelimit-remaining-requests": "4", "x-ratelimit-reset-tokens": "1m0s" }],
    ["github", { "x-ratelimit-used": "1", "x-ratelimit-resource": "core" }],
    ["usage", { "x-shopify-shop-api-call-limit": "1/5" }],
    ["anthropic", { "anthropic-ratelimit-requests-reset": "2026-01-15T12:01:00Z" }],
  ] as const)("the %s family tells what is left", async (family, headers) => {
    const { call } = await sandbox({ now: () => now, quota: { family, limit: 5, windowSeconds: 60 } });
    expect(Object.fromEntries((await call("/v1/balance")).headers)).toMatchObject(headers);
  });

  test("counts for real: 429 with Retry-After when spent, and open again after the window", async () => {
    let at = now;
    const { call } = await sandbox({ now: () => at, quota: { limit: 2, windowSeconds: 10 } });
    expect((await call("/v1/balance")).status).toBe(200);
    at += 4000;
    expect((await call("/v1/balance")).headers.get("x-ratelimit-remaining")).toBe("0");
    const spent = await call("/v1/balance");
    expect([spent.status, spent.headers.get("retry-after")]).toEqual([429, "6"]);
    at += 6000;
    expect((await call("/v1/balance")).status).toBe(200);
  });
});

describe("releases", () => {
  test("v2 moves email, makes amounts decimal strings, adds a status and a property", async () => {
    const { read, setRelease } = await sandbox();
    const before = await read("/v1/customers?limit=1");
    const chargesBefore = await read("/v1/charges?limit=100");
    setRelease("v2");
    const [customer] = (await read("/v1/customers?limit=1")).data;
    expect(customer).not.toHaveProperty("email");
    expect(customer).toMatchObject({ contact: { email: before.data[0]?.email }, locale: "en" });
    const charges = await read("/v1/charges?limit=100");
    expect(charges.data.map(({ amount }) => Math.round(Number(amount) * 100))).toEqual(
      chargesBefore.data.map(({ amount }) => amount),
    );
    expect(charges.data.map(({ status }) => status)).toContain("under_review");
    expect(await read("/v1/balance")).toMatchObject({
      available: [{ amount: expect.stringMatching(/^\d+\.\d\d$/) }, {}],
      instant_available: expect.any(Array),
    });
    setRelease("v1");
    expect(await read("/v1/customers?limit=1")).toEqual(before);
  });

  test("is switched by its admin address while it runs", async () => {
    const { administer, read, url, running } = await sandbox();
    const response = await administer({ release: "v2", faults: ["error:1"], quota: { family: "ietf" } });
    expect(await response.json()).toMatchObject({ release: "v2", quota: { family: "ietf", limit: 1000 } });
    expect((await read("/v1/balance")).error.type).toBe("api_error");
    expect((await read("/v1/balance")).instant_available).toBeDefined();
    expect(await (await fetch(`${url}/__sandbox`)).json()).toMatchObject({ release: "v2", faults: [] });
    expect(running.requests.map(({ status }) => status)).toEqual([500, 200]);
  });

  test.each([
    [{ release: "v3" }, /release: one of v1, v2/],
    [{ relase: "v2" }, /unknown setting relase/],
    [{ faults: ["erorr"] }, /Unknown fault 'erorr'/],
    [{ latencyMs: -1 }, /latencyMs/],
    [[], /a JSON object/],
  ])("the admin address refuses %j and changes nothing", async (change, reason) => {
    const { administer, running } = await sandbox();
    const before = running.settings;
    const response = await administer(change);
    expect(response.status).toBe(400);
    expect((await parsed(response)).error.message).toMatch(reason);
    expect(running.settings).toEqual(before);
  });

  test("the admin address takes no form from a foreign page", async () => {
    const { url, running } = await sandbox();
    const response = await fetch(`${url}/__sandbox`, { method: "POST", body: '{"release":"v2"}' });
    expect(response.status).toBe(415);
    expect(running.settings.release).toBe("v1");
  });
});

describe("faults", () => {
  test.each([
    ["error", 500],
    ["unavailable", 503],
    ["rate-limited", 429],
    ["unauthorized", 401],
    ["forbidden", 403],
    ["not-found", 404],
  ])("%s answers %i, as often as it was told", async (kind, status) => {
    const { call } = await sandbox({ faults: [`${kind}:2`] });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await call("/v1/balance")).status);
    expect(statuses).toEqual([status, status, 200]);
  });

  test("html, empty, not-json and content-type look right and are not", async () => {
    const { call, setFaults } = await sandbox();
    setFaults(["html"]);
    const page = await call("/v1/balance");
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    setFaults(["empty"]);
    expect(await (await call("/v1/balance")).text()).toBe("");
    setFaults(["not-json"]);
    await expect((await call("/v1/balance")).json()).rejects.toThrow();
    setFaults(["content-type"]);
    const plain = await call("/v1/balance");
    expect(plain.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(await plain.json()).toMatchObject({ object: "balance" });
  });

  test("reset and truncated break the connection", async () => {
    const { call, setFaults } = await sandbox();
    setFaults(["reset:1"]);
    await expect(call("/v1/balance")).rejects.toThrow();
    setFaults(["truncated:1"]);
    const cut = await call("/v1/balance");
    expect(cut.status).toBe(200);
    await expect(cut.text()).rejects.toThrow();
    expect((await call("/v1/balance")).status).toBe(200);
  });

  test("a fault may be meant for some addresses only", async () => {
    const { call } = await sandbox({ faults: ["error@/v1/customers"] });
    expect((await call("/v1/balance")).status).toBe(200);
    expect((await call("/v1/customers?limit=1")).status).toBe(500);
  });

  test("slow waits for as long as it was told, and does not outlive the sandbox", async () => {
    const { call, close, requests } = await sandbox({ faults: [{ kind: "slow", delayMs: 3_600_000 }] });
    const pending = call("/v1/balance").catch(() => "cut");
    await expect.poll(() => requests.length).toBe(1);
    await close();
    expect(await pending).toBe("cut");
  });
});

describe("life", () => {
  test("sends deprecation and sunset when an end is set", async () => {
    const { call } = await sandbox({ sunset: "2030-06-30T00:00:00Z" });
    const { headers } = await call("/v1/balance");
    expect(headers.get("sunset")).toBe("Sun, 30 Jun 2030 00:00:00 GMT");
    expect(headers.get("deprecation")).toMatch(/^@\d+$/);
    expect(headers.get("link")).toContain('rel="deprecation"');
  });

  test("a port in use is said plainly", async () => {
    const { port } = await sandbox();
    await expect(startSandbox({ port })).rejects.toMatchObject({ code: "sandbox/port-in-use", exitCode: 3 });
  });

  test("closes on its signal and gives the port back", async () => {
    const stop = new AbortController();
    const { url, port, close } = await sandbox({ signal: stop.signal });
    stop.abort();
    await close();
    await expect(fetch(url)).rejects.toThrow();
    const next = await startSandbox({ port });
    await next.close();
    await next.close();
  });

  test("the root tells what there is, without a key", async () => {
    const { url } = await sandbox();
    expect((await parsed(await fetch(url))).addresses).toContain("GET /v1/balance");
  });
});
