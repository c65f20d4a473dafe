import { randomBytes } from "node:crypto";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PushPlace } from "../../../src/config/project.ts";
import { type Envelope, emptyEnvelope } from "../../../src/secrets/envelope.ts";
import { setCurrent } from "../../../src/secrets/labels.ts";
import { planPush } from "../../../src/secrets/push/plan.ts";
import { pushOne } from "../../../src/secrets/push/push.ts";
import { allSecrets } from "../../../src/secrets/reference.ts";
import { type SecretsManagerServer, startSecretsManager } from "../../support/secrets-manager-server.ts";
import { startVault, type VaultServer } from "../../support/vault-server.ts";
import { integration, policy, project } from "../project.ts";
import { type GithubServer, startGithub } from "./github-server.ts";

const clock = { now: () => Date.now(), monotonic: () => performance.now(), sleep: (ms: number) => delay(ms) };
const NAME = "stripe/api_key";

let github: GithubServer;
let vault: VaultServer;
let aws: SecretsManagerServer;

beforeAll(async () => {
  [github, vault, aws] = await Promise.all([startGithub(), startVault(), startSecretsManager()]);
});
afterAll(() => Promise.all([github.close(), vault.close(), aws.close()]));

/** A project with one secret and one target, its value set. */
function world(
  place: PushPlace,
  { env = {}, root = tmpdir() }: { env?: Record<string, string>; root?: string } = {},
) {
  const base = project(root, [integration("stripe", [policy("api_key")])]);
  const target = { name: "there", environment: "prod", secrets: ["stripe"], as: {}, place };
  const shop = { ...base, config: { ...base.config, secrets: { ...base.config.secrets, push: [target] } } };
  const environment = { name: "prod", protected: false, store: "vault" as const };
  let envelope: Envelope = emptyEnvelope("shop", "prod", randomBytes(32).toString("hex"));
  const all = {
    GITHUB_TOKEN: github.token,
    VAULT_TOKEN: vault.token,
    ...aws.env,
    PATH: process.env.PATH,
    ...env,
  };
  const plan = () =>
    planPush(shop, environment, envelope, {
      secrets: allSecrets(shop),
      ctx: { env: all, clock, signal: new AbortController().signal },
    });
  return {
    plan,
    set: (value: string) => {
      envelope = setCurrent(envelope, NAME, { id: value, value, now: Date.now(), source: "set", graceMs: 0 });
    },
    push: async () => {
      const [item] = plan();
      if (!item) throw new Error("nothing is planned");
      return pushOne(item, {
        environment,
        read: async () => envelope,
        update: async (change) => {
          envelope = change(envelope);
        },
        now: Date.now,
      });
    },
    envelope: () => envelope,
  };
}

describe("a push to GitHub Actions", () => {
  test.each([
    [undefined, "/repos/acme/shop/actions/secrets/API_KEY"],
    ["a live/one", "/repos/acme/shop/environments/a%20live%2Fone/secrets/API_KEY"],
  ])(
    "is sealed so that only the holder of the private key reads it (environment %s)",
    async (inner, path) => {
      const w = world({
        to: "github",
        repository: "acme/shop",
        address: github.url,
        ...(inner === undefined ? {} : { repositoryEnvironment: inner }),
      });
      const value = `é\n${randomBytes(8).toString("hex")} 😀`;
      w.set(value);
      expect(await w.push()).toBeUndefined();
      expect(github.secrets.get(path)).toBe(value);
    },
  );

  test("is open until it arrived, unchanged after it, and open again with a new value", async () => {
    const w = world({ to: "github", repository: "acme/shop", address: github.url });
    expect(w.plan().map(({ state }) => state)).toEqual(["missing"]);
    w.set("first");
    github.failNext = 422;
    expect(await w.push()).toMatchObject({ exitCode: 3, message: expect.stringContaining("422") });
    expect(w.plan().map(({ state }) => state)).toEqual(["open"]);
    await w.push();
    expect(w.plan().map(({ state }) => state)).toEqual(["unchanged"]);
    w.set("second");
    expect(w.plan().map(({ state }) => state)).toEqual(["open"]);
    expect(JSON.stringify(w.envelope().secrets[NAME]?.pushed)).not.toContain("first");
  });

  test.each([
    ["a token that is not valid", { GITHUB_TOKEN: "wrong" }, "acme/shop"],
    ["no token", { GITHUB_TOKEN: "" }, "acme/shop"],
    ["a repository that it may not see", {}, "acme/other"],
  ])("says 4 for %s, without the value", async (_, env: Record<string, string>, repository) => {
    const w = world({ to: "github", repository, address: github.url }, { env });
    w.set("the-value");
    const error = await w.push();
    expect(error).toMatchObject({ exitCode: 4 });
    expect(`${error?.message}${error?.hint}`).not.toContain("the-value");
  });
});

describe("a push to HashiCorp Vault", () => {
  test("sets one key of the entry and keeps the others", async () => {
    vault.entries.set("shop/prod", [{ data: { OTHER: "kept" }, deleted: "", destroyed: false }]);
    const w = world({ to: "hashicorp-vault", mount: "secret", path: "shop/prod", address: vault.url });
    w.set("one");
    expect(await w.push()).toBeUndefined();
    expect(vault.entries.get("shop/prod")?.at(-1)?.data).toEqual({ OTHER: "kept", API_KEY: "one" });
    await w.push();
    expect(vault.entries.get("shop/prod")).toHaveLength(2);
  });

  test("whose answer was lost is not taken for another writer's", async () => {
    const w = world({ to: "hashicorp-vault", mount: "secret", path: "shop/lost", address: vault.url });
    w.set("one");
    vault.loseNextAnswer = true;
    expect(await w.push()).toBeUndefined();
    expect(vault.entries.get("shop/lost")?.map(({ data }) => data)).toEqual([{ API_KEY: "one" }]);
  });

  test("says 4 for a token that is refused and 3 for nobody there", async () => {
    const place = { to: "hashicorp-vault", mount: "secret", path: "shop/x", address: vault.url } as const;
    const refused = world(place, { env: { VAULT_TOKEN: "wrong" } });
    refused.set("one");
    expect(await refused.push()).toMatchObject({ exitCode: 4 });
    const nobody = world({ ...place, address: "http://127.0.0.1:1" });
    nobody.set("one");
    expect(await nobody.push()).toMatchObject({ exitCode: 3 });
  });
});

describe("a push to AWS Secrets Manager", () => {
  const current = (name: string) =>
    [...(aws.secrets.get(name)?.versions.values() ?? [])].find(({ stages }) => stages.has("AWSCURRENT"))
      ?.value;

  test("makes the secret, then sets its key and keeps the others, also another writer's", async () => {
    const w = world({ to: "aws-secrets-manager", name: "shop/prod", whole: false, endpoint: aws.url });
    w.set("one");
    expect(await w.push()).toBeUndefined();
    expect(JSON.parse(current("shop/prod") ?? "")).toEqual({ API_KEY: "one" });
    w.set("two");
    aws.beforeMove = () => {
      const secret = aws.secrets.get("shop/prod");
      for (const { stages } of secret?.versions.values() ?? []) stages.delete("AWSCURRENT");
      secret?.versions.set("theirs", {
        value: JSON.stringify({ API_KEY: "one", OTHER: "kept" }),
        stages: new Set(["AWSCURRENT"]),
      });
    };
    expect(await w.push()).toBeUndefined();
    expect(JSON.parse(current("shop/prod") ?? "")).toEqual({ API_KEY: "two", OTHER: "kept" });
  });

  test("replaces a whole text only where that is asked for", async () => {
    const place = { to: "aws-secrets-manager", name: "shop/whole", endpoint: aws.url } as const;
    const whole = world({ ...place, whole: true });
    whole.set("plain");
    expect(await whole.push()).toBeUndefined();
    expect(current("shop/whole")).toBe("plain");
    const keyed = world({ ...place, whole: false });
    keyed.set("two");
    expect(await keyed.push()).toMatchObject({ exitCode: 4 });
    expect(current("shop/whole")).toBe("plain");
  });
});

describe("a push to a program", () => {
  test("gives the value on standard input and nowhere else", async () => {
    const root = await mkdtemp(join(tmpdir(), "integ-push-"));
    const script =
      "const fs=require('fs');fs.writeFileSync('in',fs.readFileSync(0));fs.writeFileSync('rest',JSON.stringify([process.argv,process.env]))";
    const w = world({ to: "command", command: [process.execPath, "-e", script] }, { root });
    w.set("the-value\n");
    expect(await w.push()).toBeUndefined();
    expect(await readFile(join(root, "in"), "utf8")).toBe("the-value\n");
    const rest = await readFile(join(root, "rest"), "utf8");
    expect(rest).not.toContain("the-value");
    expect(rest).toContain(`"INTEG_PUSH_SECRET":"${NAME}"`);
  });

  test("that fails and repeats the value is shown masked", async () => {
    const script = "process.stderr.write(require('fs').readFileSync(0));process.exit(7)";
    const w = world({ to: "command", command: [process.execPath, "-e", script] });
    w.set("the-value-of-a-test");
    const error = await w.push();
    expect(error).toMatchObject({ exitCode: 3, message: expect.stringContaining("exit code 7") });
    expect(error?.message).not.toContain("the-value-of-a-test");
  });
});
