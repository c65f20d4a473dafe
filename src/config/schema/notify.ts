import * as z from "zod";
import { baseUrl, line } from "./values.ts";

const REFERENCE_TEXT =
  "must be the name of an environment variable, such as `SLACK_WEBHOOK_URL`, or of a stored secret, such as `slack/webhook_url` (never its value)";
/** Where a credential is: never the credential. */
const reference = z
  .string({ error: REFERENCE_TEXT })
  .max(200, REFERENCE_TEXT)
  .regex(/^([A-Z_][A-Z0-9_]*|[a-z][a-z0-9]*(-[a-z0-9]+)*\/[a-z][a-z0-9]*(_[a-z0-9]+)*)$/, REFERENCE_TEXT);

const severity = z.enum(["error", "warning", "info"]);
const address = line.regex(/@/, "must be an address of mail, such as `team@example.com`");

/** How people are told of what a scheduled check finds. */
export const notify = z.strictObject({
  severity: severity.optional().meta({ description: "The least severity that is told. Default: `warning`." }),
  slack: z
    .strictObject({
      url: reference.meta({
        description: "Variable or stored secret that holds the incoming webhook's URL.",
      }),
    })
    .optional()
    .meta({ description: "`--notify slack`." }),
  webhook: z
    .strictObject({
      url: reference.meta({ description: "Variable or stored secret that holds the URL." }),
      secret: reference.meta({
        description:
          "Variable or stored secret that holds the signing key: `whsec_` and base64 of 24 bytes or more.",
      }),
    })
    .optional()
    .meta({ description: "`--notify webhook`: signed as Standard Webhooks." }),
  email: z
    .strictObject({
      smtp: reference.meta({
        description: "Variable or stored secret that holds the server: `smtps://user:password@host:465`.",
      }),
      from: address.meta({ description: "Sender." }),
      to: z.array(address).min(1, "must name at least one address").meta({ description: "Recipients." }),
    })
    .optional()
    .meta({ description: "`--notify email`." }),
});

/** Where `--open-issues` and `--pr-comment` write. */
export const issues = z.strictObject({
  repository: z
    .string()
    .regex(/^[\w-]+\/(?!\.+$)[\w.-]+$/, "must be owner and name of a repository, such as `acme/shop`")
    .optional()
    .meta({ description: "`owner/name`. Default: GITHUB_REPOSITORY." }),
  address: baseUrl.optional().meta({
    description:
      "Address of the API, for GitHub Enterprise. Default: GITHUB_API_URL, https://api.github.com.",
  }),
  labels: z
    .array(line)
    .min(1, "must name at least one label")
    .optional()
    .meta({ description: "Labels of new issues; by the first they are found again. Default: `integ`." }),
  severity: severity
    .optional()
    .meta({ description: "The least severity that gets an issue. Default: `error`." }),
});
