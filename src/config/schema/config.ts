import * as z from "zod";
import { SEVERITIES } from "../../base/finding.ts";
import { issues, notify } from "./notify.ts";
import { pushTarget } from "./push.ts";
import { baseUrl, date, environmentName, line, name, relativePath, ruleId, share } from "./values.ts";

export const STORE_KINDS = ["keychain", "vault", "env", "hashicorp-vault", "aws-secrets-manager"] as const;

const store = z.enum(STORE_KINDS);

/** A path that a service keeps something at: no step up, no empty step. */
const remotePath = z
  .string()
  .regex(
    /^(?:(?!\.+\/)[\w.@+={}-]+\/)*(?!\.+$)[\w.@+={}-]+$/,
    "must be names with `/` between them, none of dots alone",
  );

const environment = z.strictObject({
  protected: z
    .boolean()
    .optional()
    .meta({ description: "Changes and reads ask for confirmation. Default: false." }),
  store: store
    .optional()
    .meta({ description: "Where this environment's secrets live. Default: `secrets.store`." }),
});

/** One entry of `waivers`. */
export const waiver = z.strictObject({
  rule: ruleId.meta({ description: "Id of the rule that is waived." }),
  target: line.optional().meta({
    description:
      "`stripe`, `stripe@v1`, `stripe/get-balance` or `stripe@v1/get-balance`. Default: everywhere.",
  }),
  path: line
    .optional()
    .meta({ description: "JSONPath the waiver is limited to, such as `$.data[*].email`." }),
  reason: line.meta({ description: "Why this is accepted." }),
  until: date.meta({ description: "The last day on which the waiver holds, such as `2027-03-31`." }),
});

/** integ.config.yaml. Everything has a default: an empty file is valid. */
export const configSchema = z.strictObject({
  project: line.max(100, "must have at most 100 characters").optional().meta({
    description:
      "Names the project in keychains: stable, and unique on a machine. Default: package.json's name.",
  }),
  integrations: relativePath
    .optional()
    .meta({ description: "Directory of the integrations. Default: `src/integrations`." }),
  environments: z
    .record(environmentName, environment.nullable())
    .nullish()
    .meta({ description: "Each has its own base URLs and secrets. Default: `dev`." }),
  defaultEnvironment: environmentName
    .optional()
    .meta({ description: "What commands use without `--env`. Default: the first environment." }),
  secrets: z
    .strictObject({
      store: store.optional().meta({
        description:
          "Where secrets live: the operating system's `keychain`, the encrypted file `vault`, `env` variables only (read-only), `hashicorp-vault` or `aws-secrets-manager`. Default: `keychain`.",
      }),
      hashicorpVault: z
        .strictObject({
          address: baseUrl.optional().meta({
            description: "Address of the server. Default: VAULT_ADDR.",
          }),
          mount: remotePath.optional().meta({
            description: "Where the KV engine of version 2 is mounted. Default: `secret`.",
          }),
          path: remotePath.optional().meta({
            description: "Entry below the mount. Default: `integ/{project}/{environment}`.",
          }),
          namespace: line.optional().meta({ description: "Default: VAULT_NAMESPACE." }),
        })
        .optional()
        .meta({ description: "The store `hashicorp-vault`. Its token never stands here: VAULT_TOKEN." }),
      awsSecretsManager: z
        .strictObject({
          region: line.optional().meta({ description: "Default: AWS_REGION, or the profile's." }),
          name: remotePath.optional().meta({
            description: "Name of the secret. Default: `integ/{project}/{environment}`.",
          }),
          endpoint: baseUrl.optional().meta({
            description: "Another address than AWS's own, such as an emulator's.",
          }),
        })
        .optional()
        .meta({ description: "The store `aws-secrets-manager`." }),
      vaultFile: relativePath.optional().meta({
        description:
          "The encrypted file of the `vault` store, `{environment}` in its name; it may be committed. Default: below the user's data directory.",
      }),
      push: z
        .record(name, pushTarget)
        .nullish()
        .meta({ description: "Places that read copies, by name: `integ secrets push` writes there." }),
    })
    .nullish()
    .meta({ description: "Where secrets live." }),
  quota: z
    .strictObject({
      reserve: share.optional().meta({
        description: "Share of every rate limit that integ never touches. Default: `20%`.",
      }),
    })
    .nullish()
    .meta({ description: "How integ treats the providers' rate limits." }),
  notify: notify.nullish().meta({ description: "How people are told; `integ check --notify`." }),
  issues: issues.nullish().meta({ description: "Issues and comments on GitHub; its token is GITHUB_TOKEN." }),
  rules: z
    .record(ruleId, z.enum([...SEVERITIES, "off"]))
    .nullish()
    .meta({ description: "Severity by rule; `off` silences it. `integ rules` lists them." }),
  waivers: z.array(waiver).nullish().meta({ description: "Findings that are accepted for a while." }),
});

export type ConfigDocument = z.infer<typeof configSchema>;
