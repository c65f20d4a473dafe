import { parse } from "yaml";
import * as z from "zod";
import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import { missingKeys } from "../config/rotation.ts";
import { auth } from "../config/schema/auth.ts";
import { rotation } from "../config/schema/rotation.ts";
import {
  baseUrl,
  duration,
  headerName,
  headers,
  identifier,
  line,
  name,
  regex,
  request,
  secretName,
  share,
  variable,
} from "../config/schema/values.ts";
import { presetNames, readTemplate, readTemplateIfAny } from "./templates.ts";

/** What holds for environments that are a test bed, and for those that are real. */
const byKind = <T extends z.ZodType>(value: T) => z.strictObject({ test: value.optional(), live: value });

const FACTS = [
  "baseUrl",
  "auth",
  "headers",
  "secrets",
  "rotation",
  "endpoints",
  "idempotencyHeader",
  "encoding",
  "webhook",
  "pagination",
  "note",
  "links",
] as const;

const endpoint = z.strictObject({
  request,
  /** Values of the path's placeholders when integ asks. */
  examples: z.record(z.string(), z.string()).optional(),
  /** Query that integ asks with and the application does not. */
  probeQuery: line.optional(),
  /** A read that the API wants as a POST: integ sends this body, and the manifest allows it to. */
  readBody: z.record(z.string(), z.unknown()).optional(),
  /** `false`: only the application has what it needs to ask, so that the manifest does not list it. */
  probed: z.literal(false).optional(),
  /** Property of the response: its items. The client walks the pages of such a list. */
  items: identifier.optional(),
  /** Export of the preset's schemas.ts; without one the response is not known yet. */
  consumer: identifier.optional(),
  budget: z
    .strictObject({
      p95: duration.optional(),
      errorRate: share.optional(),
      quotaRemaining: share.optional(),
    })
    .optional(),
});

/** How lists are divided into pages. */
const pagination = z.strictObject({
  style: z.enum(["cursor", "link-header"]),
  /** Query that asks for a page. */
  parameter: z.string(),
  /** Property of a page: the pointer to the next. */
  next: z.string().optional(),
  /** Property of a page: whether there are more; the last item's `id` is the pointer then. */
  more: z.string().optional(),
});

/** Signed with a secret that we keep, or with keys that the provider hands out at one of the endpoints. */
const webhook = z.union([
  z.strictObject({ scheme: name, secret: secretName, env: variable }),
  z.strictObject({ scheme: z.literal("plaid"), keys: name }),
]);

/** What integ knows of a provider: `templates/presets/<name>/preset.yaml`. */
export const presetSchema = z
  .strictObject({
    displayName: line,
    purpose: line,
    /** One URL; one for test and one for live environments; with `{name}` for what only the user knows. */
    baseUrl: z.union([baseUrl, byKind(baseUrl)]),
    /** What `{name}` in the base URL stands for, and an example of it. */
    variables: z.record(z.string(), line).optional(),
    auth,
    headers: headers.optional(),
    secrets: z.record(
      secretName,
      z.strictObject({
        env: variable,
        rotateEvery: duration.optional(),
        pattern: z.union([regex, byKind(regex)]).optional(),
        verify: name.optional(),
        /** The provider's key API, or the page where a person makes keys; default: by hand. */
        rotation: rotation.omit({ verify: true }).optional(),
      }),
    ),
    idempotencyHeader: headerName.optional(),
    encoding: z.enum(["json", "form"]).optional(),
    endpoints: z.record(name, endpoint),
    webhook: webhook.optional(),
    /** What a person has to know before it works, in one sentence or two. */
    note: line.optional(),
    pagination: pagination.optional(),
    links: z.record(z.string(), z.url()),
    /** Fact → where it is known from. */
    sources: z.partialRecord(z.enum(FACTS), line),
  })
  .superRefine((preset, context) => {
    const keys = Object.entries(preset.secrets).filter(([, secret]) => secret.rotation !== undefined);
    for (const [secret, facts] of keys) {
      for (const key of missingKeys(facts.rotation ?? {})) {
        const path = ["secrets", secret, "rotation", key];
        context.addIssue({ code: "custom", path, message: "the driver cannot work without it" });
      }
    }
    for (const [endpointName, { items }] of Object.entries(preset.endpoints)) {
      if (items !== undefined && preset.pagination?.style !== "cursor") {
        const path = ["endpoints", endpointName, "items"];
        context.addIssue({ code: "custom", path, message: "pages are walked by a cursor: see `pagination`" });
      }
    }
    const known = (fact: (typeof FACTS)[number]) =>
      fact === "rotation" ? keys.length > 0 : preset[fact] !== undefined;
    for (const fact of FACTS) {
      if (known(fact) && preset.sources[fact] === undefined) {
        context.addIssue({ code: "custom", path: ["sources", fact], message: "every fact needs its source" });
      }
    }
  });

export type PresetFacts = z.infer<typeof presetSchema>;

export interface Preset extends PresetFacts {
  name: string;
  /** schemas.ts, where the responses are known. */
  schemas?: string;
  /** Endpoint → a response that its schema accepts. */
  samples: Readonly<Record<string, unknown>>;
}

/** Reads a preset; `undefined` where there is none of that name. */
export function findPreset(presetName: string): Preset | undefined {
  const text = presetNames().includes(presetName)
    ? readTemplate(`presets/${presetName}/preset.yaml`)
    : undefined;
  if (text === undefined) return undefined;
  const schemas = readTemplateIfAny(`presets/${presetName}/schemas.ts`);
  const samples = readTemplateIfAny(`presets/${presetName}/samples.json`);
  return {
    name: presetName,
    ...presetSchema.parse(parse(text)),
    ...(schemas === undefined ? {} : { schemas }),
    samples: samples === undefined ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(samples)),
  };
}

/** @throws UsageError with the closest preset as its hint */
export function requirePreset(presetName: string): Preset {
  const preset = findPreset(presetName);
  if (preset) return preset;
  const hint = didYouMean(presetName, presetNames(), "presets");
  throw new UsageError(`No preset is named '${presetName}'`, { code: "scaffold/unknown-preset", hint });
}
