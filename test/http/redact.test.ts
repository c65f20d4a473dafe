import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSecretName, redactHeaders, redactUrl } from "../../src/http/redact.ts";

describe("URLs", () => {
  test.each([
    ["https://user:pw@api.example.com/v1", "https://api.example.com/v1"],
    ["https://api.example.com/v1?api_key=abc&page=2", "https://api.example.com/v1?api_key=REDACTED&page=2"],
    [
      "https://api.example.com/?accessToken=abc#access_token=abc",
      "https://api.example.com/?accessToken=REDACTED#access_token=REDACTED",
    ],
    [
      "https://b.s3.amazonaws.com/k?X-Amz-Signature=abc&X-Amz-Date=1",
      "https://b.s3.amazonaws.com/k?X-Amz-Signature=REDACTED&X-Amz-Date=1",
    ],
    ["not a url?token=abc", "not a url?token=REDACTED"],
    ["https://hooks.slack.com/services/T00/B00/abcdef", "https://hooks.slack.com/services/T00/B00/REDACTED"],
    [
      `https://api.telegram.org/bot12345:${"a".repeat(30)}/getMe`,
      "https://api.telegram.org/bot12345:REDACTED/getMe",
    ],
    [
      `https://discord.com/api/webhooks/123/${"a".repeat(30)}`,
      "https://discord.com/api/webhooks/123/REDACTED",
    ],
    ["https://api.example.com/v1/robots/services", "https://api.example.com/v1/robots/services"],
    ["https://example.com/?q=monkey&sort=key_name", "https://example.com/?q=monkey&sort=key_name"],
  ])("%s", (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });

  test("values that are keys by their form go, whatever they are called", () => {
    const key = ["sk", "live", "a".repeat(24)].join("_");
    expect(redactUrl(`https://example.com/?x=${key}`)).not.toContain(key);
  });

  test("a parameter that carries the credential goes by any name", () => {
    expect(redactUrl("https://example.com/?q=abc", ["q"])).toBe("https://example.com/?q=REDACTED");
  });

  test("whatever stands in a secret's place never comes out", () => {
    const value = fc.stringMatching(/^[A-Za-z0-9%+._-]{8,40}$/);
    fc.assert(
      fc.property(
        value,
        fc.constantFrom("api_key", "token", "client_secret", "X-Api-Key", "password"),
        (secret, name) => {
          expect(redactUrl(`https://a.example/p?x=1&${name}=${secret}&y=2`)).toBe(
            `https://a.example/p?x=1&${name}=REDACTED&y=2`,
          );
        },
      ),
    );
  });
});

test("headers that carry credentials", () => {
  const headers = {
    authorization: "Bearer abc",
    "x-api-key": "abc",
    "set-cookie": "a=b",
    accept: "*/*",
    "x-custom": "abc",
  };
  expect(redactHeaders(headers, ["x-custom"])).toEqual({
    authorization: "REDACTED",
    "x-api-key": "REDACTED",
    "set-cookie": "REDACTED",
    accept: "*/*",
    "x-custom": "REDACTED",
  });
  expect(["idempotency-key", "x-request-id", "cache-control", "content-type"].map(isSecretName)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
