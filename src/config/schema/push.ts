import * as z from "zod";
import { baseUrl, environmentName, line, variable } from "./values.ts";

const SECRET_TEXT = "must be an integration or one of its secrets, such as `stripe` or `stripe/api_key`";
const secretOf = z
  .string({ error: SECRET_TEXT })
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*(\/[a-z][a-z0-9]*(_[a-z0-9]+)*)?$/, SECRET_TEXT);

const shared = {
  environment: environmentName.meta({ description: "Environment whose values go there." }),
  secrets: z
    .array(secretOf)
    .min(1, "must name at least one secret")
    .meta({ description: "`stripe` for all secrets of an integration, `stripe/api_key` for one." }),
  as: z
    .record(secretOf, variable)
    .optional()
    .meta({ description: "Names there, by secret. Default: the secret's variable, `STRIPE_API_KEY`." }),
};

const github = z.strictObject({
  to: z.literal("github").meta({ description: "Secrets of GitHub Actions; the token is GITHUB_TOKEN." }),
  ...shared,
  repository: z
    .string()
    .regex(/^[\w-]+\/(?!\.+$)[\w.-]+$/, "must be owner and name of a repository, such as `acme/shop`")
    .meta({ description: "`owner/name`." }),
  repositoryEnvironment: line
    .optional()
    .meta({ description: "Environment of the repository. Default: the repository's own secrets." }),
  address: baseUrl.optional().meta({
    description:
      "Address of the API, for GitHub Enterprise. Default: GITHUB_API_URL, https://api.github.com.",
  }),
});

const PATH_TEXT = "must be names with `/` between them, none of dots alone";
const place = z.string().regex(/^(?:(?!\.+\/)[\w.@+=-]+\/)*(?!\.+$)[\w.@+=-]+$/, PATH_TEXT);

const vault = z.strictObject({
  to: z.literal("hashicorp-vault").meta({
    description: "Keys of an entry of HashiCorp Vault's KV engine of version 2; its other keys stay.",
  }),
  ...shared,
  path: place.meta({ description: "Entry below the mount." }),
  mount: place.optional().meta({ description: "Where the engine is mounted. Default: `secret`." }),
  address: baseUrl.optional().meta({ description: "Address of the server. Default: VAULT_ADDR." }),
  namespace: line.optional().meta({ description: "Default: VAULT_NAMESPACE." }),
});

const aws = z.strictObject({
  to: z.literal("aws-secrets-manager").meta({
    description: "Keys of the JSON object in a secret of AWS Secrets Manager; its other keys stay.",
  }),
  ...shared,
  name: place.meta({ description: "Name of the secret." }),
  whole: z.boolean().optional().meta({
    description: "The value is the secret's whole text; for a target of one secret. Default: false.",
  }),
  region: line.optional().meta({ description: "Default: AWS_REGION, or the profile's." }),
  endpoint: baseUrl.optional().meta({ description: "Another address than AWS's own." }),
});

const command = z.strictObject({
  to: z.literal("command").meta({ description: "A program that reads the value on its standard input." }),
  ...shared,
  command: z
    .array(z.string().min(1, "must not be empty"))
    .min(1, "must name a program")
    .meta({ description: "Program and arguments; run in the project's root, without a shell." }),
});

/** A place that reads copies of secrets. */
export const pushTarget = z.discriminatedUnion("to", [github, vault, aws, command]);
