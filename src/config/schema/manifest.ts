import * as z from "zod";
import { auth } from "./auth.ts";
import { rotation } from "./rotation.ts";
import {
  baseUrl,
  date,
  duration,
  environmentName,
  headers,
  identifier,
  line,
  name,
  price,
  regex,
  request,
  secretName,
  share,
  variable,
  versionName,
} from "./values.ts";

const secretPolicy = z.strictObject({
  env: variable.optional().meta({
    description:
      "Environment variable that wins over every store, as in CI. Default: integration and secret in capitals, `STRIPE_API_KEY`.",
  }),
  rotateEvery: duration.optional().meta({ description: "Age at which a new one is due, such as `90d`." }),
  pattern: z
    .union([regex, z.record(environmentName, regex)])
    .optional()
    .meta({
      description:
        "Regular expression that a value must match, or one per environment, so that a live key cannot land in `dev`.",
    }),
  rotation: rotation
    .optional()
    .meta({ description: "How the secret is replaced and verified. Default: by hand, guided." }),
});

const version = z.strictObject({
  headers: headers.optional().meta({
    description: "Headers of every request of this version, such as `Stripe-Version`.",
  }),
  deprecated: z
    .strictObject({
      sunset: date.optional().meta({ description: "Last day on which our code may call it." }),
      reason: line.optional().meta({ description: "Why, and what to use instead." }),
    })
    .optional()
    .meta({ description: "Our code is moving away from this version." }),
});

const status = z
  .int({ error: "must be an HTTP status from 100 to 599, such as `200`" })
  .min(100, "must be an HTTP status from 100 to 599")
  .max(599, "must be an HTTP status from 100 to 599");

const endpoint = z.strictObject({
  request: request.meta({
    description: "Method and path below the base URL with its query: `GET /v1/customers?limit=3`.",
  }),
  headers: headers.optional().meta({ description: "Headers of this endpoint only; never credentials." }),
  body: z.unknown().optional().meta({ description: "Body of the request, sent as JSON." }),
  unsafe: z.boolean().optional().meta({
    description: "Allows integ to send a method that changes something (POST, PUT, PATCH, DELETE).",
  }),
  expect: z
    .strictObject({
      status: z
        .union([status, z.array(status).min(1, "must name at least one status")])
        .optional()
        .meta({ description: "The status, or statuses, that mean success. Default: any 2xx." }),
    })
    .optional()
    .meta({ description: "What a good response looks like." }),
  consumer: identifier.optional().meta({
    description: "Export of the version's schemas.ts that holds what our code needs of the response.",
  }),
  budget: z
    .strictObject({
      p95: duration.optional().meta({ description: "95 of 100 requests are at most this slow." }),
      errorRate: share.optional().meta({ description: "Share of requests that may fail, such as `1%`." }),
      quotaRemaining: share
        .optional()
        .meta({ description: "Share of the provider's rate limit that must remain, such as `20%`." }),
    })
    .optional()
    .meta({ description: "Limits we set; `integ check` reports what exceeds them." }),
  price: price.optional().meta({
    description: "What one request costs, such as `0.002 USD`, in place of the integration's `price`.",
  }),
});

/** integration.yaml, the manifest of one integration. */
export const manifestSchema = z.strictObject({
  name: name.meta({ description: "Name of the integration, the same as its directory's." }),
  provider: name
    .optional()
    .meta({ description: "The company or API behind it, as integ's presets call it." }),
  purpose: line.optional().meta({ description: "What we use it for." }),
  owner: line.optional().meta({ description: "Team or person to ask." }),
  baseUrl: z
    .union([baseUrl, z.record(environmentName, baseUrl)])
    .meta({ description: "Base URL of the API, or one per environment." }),
  auth: auth.optional().meta({ description: "How requests prove who they are. Default: no credentials." }),
  deadlines: z
    .strictObject({
      dns: duration.optional().meta({ description: "Name resolution." }),
      connect: duration.optional().meta({ description: "The TCP connection." }),
      tls: duration.optional().meta({ description: "The TLS handshake." }),
      firstByte: duration
        .optional()
        .meta({ description: "From the request to the first byte of the answer." }),
      download: duration.optional().meta({ description: "From the first byte to the last." }),
      total: duration.optional().meta({ description: "All of it, redirects included. Default: `30s`." }),
    })
    .optional()
    .meta({ description: "How long a request of integ's, and each of its phases, may take." }),
  price: price.optional().meta({
    description: "What one request costs, such as `0.002 USD`; the module's client tells telemetry of it.",
  }),
  secrets: z
    .record(secretName, secretPolicy.nullable())
    .nullish()
    .meta({ description: "The credentials by name, and the policy of each. Values never stand here." }),
  active: versionName.optional().meta({
    description: "The version that integ works on unless a target names another. Default: the only one.",
  }),
  canary: z
    .strictObject({
      version: versionName.meta({ description: "The version that gets the share." }),
      share: share.meta({ description: "Share of the keys that go to it, such as `10%`." }),
    })
    .optional()
    .meta({ description: "A version on trial; `integ versions canary` keeps it in step with the router." }),
  versions: z
    .record(versionName, version.nullable())
    .nullish()
    .meta({ description: "Generations of the module, side by side. Default: `v1`." }),
  endpoints: z
    .record(name, endpoint)
    .nullish()
    .meta({ description: "The requests that probe, record, diff and check make." }),
});

export type Manifest = z.infer<typeof manifestSchema>;
