import { describe, expect, test } from "vitest";
import { present } from "../../src/base/present.ts";
import { secretsOfAuth } from "../../src/config/auth-secrets.ts";
import { WEBHOOK_SCHEMES } from "../../src/scaffold/emit/webhook.ts";
import { findPreset, requirePreset } from "../../src/scaffold/preset.ts";
import { presetNames } from "../../src/scaffold/templates.ts";

const presets = presetNames().map(requirePreset);

describe("every preset", () => {
  test("is there: twenty of them", () => {
    expect(presets.length).toBeGreaterThanOrEqual(20);
  });

  test.each(presets)("$name names only secrets, endpoints, schemas and schemes that exist", (preset) => {
    const endpoints = Object.keys(preset.endpoints);
    expect(Object.keys(preset.secrets).sort()).toEqual(secretsOfAuth(present(preset.auth)).sort());
    for (const { verify } of Object.values(preset.secrets)) if (verify) expect(endpoints).toContain(verify);
    for (const { consumer } of Object.values(preset.endpoints)) {
      if (consumer) expect(preset.schemas).toContain(`export const ${consumer} =`);
    }
    const { webhook } = preset;
    if (webhook && "keys" in webhook) expect(endpoints).toContain(webhook.keys);
    else if (webhook) expect(WEBHOOK_SCHEMES).toHaveProperty(webhook.scheme);
    expect(Object.keys(preset.samples).sort()).toEqual([...endpoints].sort());
  });

  test.each(presets)(
    "$name asks only what reads: GET, or a POST that it declares a read",
    ({ endpoints }) => {
      for (const { request, readBody, probed } of Object.values(endpoints)) {
        expect(request.startsWith("GET ") || readBody !== undefined || probed === false).toBe(true);
      }
    },
  );

  test.each(presets)("$name gives an example for everything its base URL leaves open", (preset) => {
    const urls = typeof preset.baseUrl === "string" ? [preset.baseUrl] : Object.values(preset.baseUrl);
    const open = urls.flatMap((url) => [...(url ?? "").matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    expect(Object.keys(preset.variables ?? {})).toEqual([...new Set(open)]);
  });
});

test("a preset of an unknown name is none, and a person is told the closest", () => {
  expect(findPreset("../presets/stripe")).toBeUndefined();
  expect(() => requirePreset("strpe")).toThrow("No preset is named 'strpe'");
});
