import * as z from "zod";
import { headerName, line, secretName } from "./values.ts";

const secret = secretName.meta({ description: "Name of the secret, one of `secrets` of this manifest." });

const scheme = <const Name extends string>(name: Name, description: string) =>
  z.literal(name).meta({ description });

/** One entry per way in which a request proves who it is. Entries hold names of secrets, never values. */
export const auth = z.discriminatedUnion("scheme", [
  z.strictObject({ scheme: scheme("none", "No credentials.") }),
  z.strictObject({ scheme: scheme("bearer", "`Authorization: Bearer <secret>`."), secret }),
  z.strictObject({
    scheme: scheme("header", "The secret in a header of its own."),
    header: headerName.meta({ description: "Name of the header, such as `X-Api-Key`." }),
    prefix: line
      .optional()
      .meta({ description: "Text before the secret, its space included, such as `Token `." }),
    secret,
  }),
  z.strictObject({
    scheme: scheme("query", "The secret as a query parameter; it is redacted wherever a URL is shown."),
    parameter: line.meta({ description: "Name of the query parameter." }),
    secret,
  }),
  z.strictObject({
    scheme: scheme("basic", "`Authorization: Basic`, user name and password."),
    username: line
      .optional()
      .meta({ description: "The user name where it is no secret; or use `usernameSecret`." }),
    usernameSecret: secretName
      .optional()
      .meta({ description: "Name of the secret that is sent as the user name." }),
    passwordSecret: secretName
      .optional()
      .meta({ description: "Name of the secret that is sent as the password; empty where absent." }),
  }),
]);
