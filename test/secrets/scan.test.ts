import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findingsOf } from "../../src/secrets/scan/findings.ts";
import { KnownValues } from "../../src/secrets/scan/known.ts";
import { KeyPatterns } from "../../src/secrets/scan/patterns.ts";
import { looksRandom } from "../../src/secrets/scan/randomness.ts";
import { KeyScan } from "../../src/secrets/scan/stream.ts";
import { ALLOW, findKeys } from "../../src/secrets/scan/text.ts";
import { eachToken, LEAST_TOKEN, LONGEST_TOKEN } from "../../src/secrets/scan/tokens.ts";
import { generateVaultKey } from "../../src/secrets/stores/vault-key.ts";
import { randomText } from "./random-text.ts";

const HEX = "0123456789abcdef";
const patterns = new KeyPatterns([
  {
    provider: "Stripe",
    secret: "api_key",
    kind: "live",
    pattern: "^(sk|rk)_live_",
    variable: "STRIPE_API_KEY",
  },
  {
    provider: "Stripe",
    secret: "api_key",
    kind: "test",
    pattern: "^(sk|rk)_test_",
    variable: "STRIPE_API_KEY",
  },
  { provider: "OpenAI", secret: "api_key", pattern: "^sk-", variable: "OPENAI_API_KEY" },
  { provider: "Anthropic", secret: "api_key", pattern: "^sk-ant-", variable: "ANTHROPIC_API_KEY" },
  { provider: "SendGrid", secret: "api_key", pattern: "^SG\\.", variable: "SENDGRID_API_KEY" },
  { provider: "Datadog", secret: "api_key", pattern: "^[0-9a-f]{32}$", variable: "DD_API_KEY" },
]);
const none = new KnownValues([]);
const tell = (text: string, known = none) =>
  findKeys(Buffer.from(text), 1, { patterns, known }).map(({ reason, line, column }) => {
    const what =
      reason.kind === "pattern"
        ? [reason.pattern.kind, reason.pattern.provider].join(" ").trim()
        : reason.kind === "known"
          ? reason.known.secret
          : reason.kind === "random"
            ? reason.name
            : "integ";
    return `${line}:${column} ${reason.kind} ${what}`;
  });

describe("tokens", () => {
  test("are all runs of twenty and more, whatever stands around them", () => {
    const text = fc.array(
      fc.oneof(
        fc.string({ maxLength: 12 }),
        fc.stringMatching(/^[A-Za-z0-9_-]{15,40}$/),
        fc.constantFrom(".", " ", "\n", "é"),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(text, (parts) => {
        const bytes = Buffer.from(parts.join(""));
        const found: string[] = [];
        eachToken(bytes, (start, end) => found.push(bytes.toString("latin1", start, end)));
        const expected = (bytes.toString("latin1").match(/[A-Za-z0-9_.-]+/g) ?? [])
          .map((run) => run.replace(/^\.+|\.+$/g, ""))
          .filter(({ length }) => length >= LEAST_TOKEN && length <= LONGEST_TOKEN);
        expect(found).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a key of a provider", () => {
  test.each([
    ["live", "sk_live_", "live Stripe"],
    ["test", "rk_test_", "test Stripe"],
    ["general", "sk-", "OpenAI"],
    ["more particular", "sk-ant-", "Anthropic"],
  ])("is told by how it begins: %s", (_, head, provider) => {
    expect(tell(`x = "${head}${randomText(30)}";`)).toEqual([`1:6 pattern ${provider}`]);
  });

  test("is told with its dots", () => {
    expect(tell(`key: SG.${randomText(22)}.${randomText(43)}`)).toEqual(["1:6 pattern SendGrid"]);
  });

  test("that has no head of its own is told by its variable alone", () => {
    const value = randomText(32, HEX);
    expect(tell(`DD_API_KEY=${value}`)).toEqual(["1:12 pattern Datadog"]);
    expect(tell(`build=${value}`)).toEqual([]);
  });

  test.each([
    "sk-spinner-double-bounce-child-2",
    "sk_live_your_key_goes_right_here",
    "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx",
    "sk_test_...",
    "sk-ant-api03-example-key-for-the-docs",
  ])("is not what people write in its place: %s", (text) => {
    expect(tell(`x = "${text}"`)).toEqual([]);
  });
});

test("the generated key of a vault is told wherever it stands, whatever its base64 is cut into", () => {
  for (let round = 0; round < 50; round++) {
    const key = generateVaultKey();
    expect(tell(`a\n${key}`)).toEqual(["2:1 vault-key integ"]);
    expect(tell(`x: ${key}\n`)).toEqual(["1:4 vault-key integ"]);
    expect(tell(key.slice(0, -2))).toEqual([]);
  }
});

describe("random text", () => {
  test("is told where its name says that it is secret", () => {
    const value = randomText(40);
    expect(tell(`const password = "${value}"`)).toEqual(["1:19 random password"]);
    expect(tell(`"client_secret": "${value}"`)).toEqual(["1:19 random client_secret"]);
    expect(tell(`API_TOKEN=${value}`)).toEqual(["1:11 random API_TOKEN"]);
  });

  test("is not told where its name says that it is public, or nothing", () => {
    const value = randomText(40);
    const names = ["commit_sha", "integrity", "secret_id", "public_key", "etag", "tokenHash"];
    for (const name of [...names, "title"]) expect(tell(`${name} = "${value}"`)).toEqual([]);
    expect(tell(value)).toEqual([]);
  });

  test("is never words, however long, and mostly everything drawn by chance", () => {
    for (const words of [
      "the-quick-brown-fox-jumps",
      "getAccessTokenForUser",
      "MAX_RETRY_ATTEMPTS_2024",
      "v1.2.3-beta.4-rc5",
    ]) {
      expect(looksRandom(words)).toBe(false);
    }
    const drawn = Array.from({ length: 200 }, () => looksRandom(randomText(32)));
    expect(drawn.filter(Boolean).length).toBeGreaterThan(190);
  });
});

describe("a value that is in use", () => {
  const pem = ["-----BEGIN KEY-----", randomText(64), randomText(40), "-----END KEY-----"].join("\n");
  const token = randomText(24);
  const known = new KnownValues([
    { secret: "a/token", environment: "prod", value: token },
    { secret: "b/words", environment: "dev", value: "correct horse battery" },
    { secret: "c/pem", environment: "dev", value: pem },
    { secret: "d/short", environment: "dev", value: "1234" },
  ]);

  test("is found whatever it looks like, and wherever it stands", () => {
    expect(tell(`one\n  pass=${token}x`, known)).toEqual(["2:8 known a/token"]);
    expect(tell(`say "correct horse battery" twice`, known)).toEqual(["1:6 known b/words"]);
    expect(tell(pem.replaceAll("\n", "\r\n    "), known)).toEqual(["2:5 known c/pem"]);
  });

  test("that is too short to mean anything is not looked for", () => {
    expect(tell("1234 12345", known)).toEqual([]);
  });

  test("in base64 of either alphabet, as in a Kubernetes secret; the base64 of another value is none", () => {
    const encoded = new KnownValues([
      { secret: "a/words", environment: "dev", value: "correct horse battery staple" },
    ]);
    const of = (value: string, as: "base64" | "base64url") => Buffer.from(value).toString(as);
    expect(tell(`  key: ${of("correct horse battery staple", "base64")}`, encoded)).toEqual([
      "1:8 known a/words",
    ]);
    expect(tell(`x ${of("correct horse battery staple", "base64url")}`, encoded)).toEqual([
      "1:3 known a/words",
    ]);
    expect(tell(`x ${of("correct horse battery stable", "base64")}`, encoded)).toEqual([]);
  });

  test("is in no finding: neither in its words nor in its fingerprint", () => {
    const hits = findKeys(Buffer.from(`x ${token}`), 1, { patterns, known });
    const [finding] = findingsOf(hits, { file: "a.txt" });
    expect(JSON.stringify(finding)).not.toContain(token.slice(4));
    const other = findKeys(Buffer.from("x correct horse battery"), 1, { patterns, known });
    expect(findingsOf(other, { file: "a.txt" })[0]?.evidence).toBeUndefined();
  });
});

test("a line that says so holds no key", () => {
  const value = `sk_live_${randomText(24)}`;
  expect(tell(`a = "${value}" // ${ALLOW}\nb = "${value}"`)).toEqual(["2:6 pattern live Stripe"]);
});

describe("a file of any size", () => {
  test("gives the same in pieces as in one", () => {
    const value = `sk_live_${randomText(24)}`;
    const lines = Array.from({ length: 400 }, (_, index) =>
      index % 97 === 5 ? `key = ${value}` : `line ${index} of nothing`,
    );
    const whole = Buffer.from(lines.join("\n"));
    const places = (hits: { line: number; column: number }[]) =>
      hits.map(({ line, column }) => `${line}:${column}`);
    const expected = places(findKeys(whole, 1, { patterns, known: none }));
    expect(expected).toHaveLength(5);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 30 }), (sizes) => {
        const scan = new KeyScan({ patterns, known: none });
        let at = 0;
        for (let n = 0; at < whole.length; n++) {
          const size = sizes[n % sizes.length] ?? 1;
          scan.push(whole.subarray(at, at + size));
          at += size;
        }
        expect(places(scan.end())).toEqual(expected);
      }),
    );
  });

  test("is found in a line without an end, and memory stays bounded", () => {
    const scan = new KeyScan({ patterns, known: none });
    const filler = Buffer.alloc(1 << 20, "a b ");
    for (let n = 0; n < 8; n++) scan.push(filler);
    scan.push(Buffer.from(` sk_live_${randomText(24)} `));
    for (let n = 0; n < 8; n++) scan.push(filler);
    expect(scan.end().map(({ line }) => line)).toEqual([1]);
  });

  test("that is binary is passed over", () => {
    const scan = new KeyScan({ patterns, known: none });
    scan.push(Buffer.concat([Buffer.from([0]), Buffer.from(`sk_live_${randomText(24)}`)]));
    expect(scan.end()).toEqual([]);
  });
});
