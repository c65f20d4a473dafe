import * as z from "zod";
import { baseUrl, duration, headers, line, name, regex, request, secretName } from "./values.ts";

/** How a secret is replaced; each is one driver. */
export const ROTATION_DRIVERS = ["manual", "command", "http", "webhook", "oauth2", "aws-iam"] as const;

const PLACE_TEXT = "must be a place in a JSON answer, such as `$.secret` or `$.data[0].id`";
/** A place in a JSON document: a JSONPath of names and numbers only. */
const place = z
  .string({ error: PLACE_TEXT })
  .max(512, "must have at most 512 characters")
  .regex(/^\$((\.[A-Za-z_][A-Za-z0-9_-]*)|(\[\d{1,6}\]))*$/, PLACE_TEXT);

const keyRequest = {
  request: request.meta({
    description:
      "Method and path: `POST /v1/api_keys`. `{{tag}}`, `{{id}}` and `{{environment}}` are replaced.",
  }),
  headers: headers.optional().meta({ description: "Headers of this request; never credentials." }),
  body: z.unknown().optional().meta({ description: "Body, sent as JSON; its texts are templates too." }),
  form: z
    .record(z.string(), z.string({ error: "must be a text; put numbers in quotes" }))
    .optional()
    .meta({ description: "Body, sent as a form in place of JSON." }),
  multipart: z
    .boolean()
    .optional()
    .meta({ description: "`form` goes as multipart/form-data. Default: false." }),
};

const create = z.strictObject({
  ...keyRequest,
  value: place.meta({ description: "Where in the answer the new value stands." }),
  id: place.optional().meta({ description: "Where in the answer the new key's id stands." }),
  with: z.record(secretName, place).optional().meta({
    description:
      "Secrets of the integration that are replaced in the same step, and where in the answer they stand: `key_sid: $.sid`.",
  }),
  copy: z
    .strictObject({
      ...keyRequest,
      values: z.record(z.string().regex(/^[a-z][a-zA-Z]*$/, "must be a name such as `scopes`"), place).meta({
        description: "Name → place in the answer; `{{name}}` in `create` is replaced by what stands there.",
      }),
    })
    .optional()
    .meta({
      description: "Asked with the old key before: what the new key takes over from it, such as its scopes.",
    }),
});

const list = z.strictObject({
  ...keyRequest,
  keys: place.meta({ description: "Where in the answer the list of keys stands." }),
  id: place.meta({ description: "Where in one key of the list its id stands." }),
  name: place.meta({
    description: "Where in one key of the list its name stands, which `create` set to `{{tag}}`.",
  }),
  ending: place.optional().meta({
    description:
      "Where in one key of the list the last characters of its value stand: tells which key is in use.",
  }),
});

const identify = z.strictObject({
  ...keyRequest,
  id: place.meta({ description: "Where in the answer the id of the key in use stands." }),
});

/** How a secret is replaced and verified. */
export const rotation = z.strictObject({
  driver: z.enum(ROTATION_DRIVERS).optional().meta({
    description:
      "`manual` guides a person, `command` runs a program of yours, `http` makes the requests described here, `webhook` the same for what signs webhooks, `oauth2` refreshes the refresh token of `auth`, `aws-iam` replaces an access key. Default: `manual`.",
  }),
  verify: name.optional().meta({ description: "Endpoint that shows whether a new value works." }),
  identity: place.optional().meta({
    description: "Where in the answer of `verify` stands whose key it is; old and new must agree.",
  }),
  grace: duration.optional().meta({
    description: "How long the old value stays valid after the new one took over. Default: `24h`.",
  }),
  page: line.optional().meta({ description: "`manual`: the provider's page where keys are made." }),
  command: z.array(z.string().min(1, "must not be empty")).min(1, "must name a program").optional().meta({
    description:
      "`command`: the program and its arguments, run in the project's root; values go by stdin and stdout.",
  }),
  create: create.optional().meta({ description: "`http`, `webhook`: makes a key." }),
  list: list.optional().meta({
    description:
      "`http`, `webhook`: lists keys, so that one made before a crash is found again and revoked. One page is read: ask for the largest, or for the newest first.",
  }),
  identify: identify.optional().meta({ description: "`http`: tells the id of the key in use." }),
  revoke: z.strictObject(keyRequest).optional().meta({
    description:
      "`http`, `webhook`: revokes the key `{{id}}`. A webhook's old secret may end by itself: then leave it out.",
  }),
  idPattern: regex.optional().meta({
    description: "`http`: finds the key's id within its value, as the first group.",
  }),
  proof: secretName.optional().meta({
    description:
      "`http`: the secret that these requests prove themselves with. Default: the one that is replaced.",
  }),
  inPlace: z.boolean().optional().meta({
    description:
      "`http`, `command`: the old value dies when the new one is made; refused without --accept-downtime. Default: false.",
  }),
  idSecret: secretName.optional().meta({
    description: "`aws-iam`: the secret that holds the access key id; both are replaced in the same step.",
  }),
  user: line.optional().meta({ description: "`aws-iam`: the user's name. Default: the key's own." }),
  endpoint: baseUrl.optional().meta({
    description: "`aws-iam`: another address of IAM than https://iam.amazonaws.com.",
  }),
  stsEndpoint: baseUrl.optional().meta({
    description: "`aws-iam`: another address of STS than https://sts.amazonaws.com.",
  }),
});

export type RotationDocument = z.infer<typeof rotation>;
