import * as z from "zod";
import { headerName, line, secretName } from "./values.ts";

const secret = secretName.meta({ description: "Name of the secret, one of `secrets` of this manifest." });

const scheme = <const Name extends string>(name: Name, description: string) =>
  z.literal(name).meta({ description });

const header = headerName.meta({ description: "Name of the header, such as `X-Signature`." });

const oauth2 = {
  tokenUrl: z
    .string()
    .regex(/^(?:https?:\/\/[^\s/]|\/(?!\/))\S*$/, "must be an http(s) URL, or a path below the base URL")
    .meta({
      description:
        "Where access tokens are given out: a URL, or a path below the base URL, such as `/oauth/token`.",
    }),
  clientId: line
    .optional()
    .meta({ description: "The client's id where it is no secret; or use `clientIdSecret`." }),
  clientIdSecret: secretName
    .optional()
    .meta({ description: "Name of the secret that is sent as the client's id." }),
  scopes: z.array(line).optional().meta({ description: "Scopes to ask for." }),
  audience: line
    .optional()
    .meta({ description: "The API that the token is for, where the provider asks for it." }),
  authenticate: z
    .enum(["basic", "body"])
    .optional()
    .meta({ description: "Where the client's credentials go: Authorization header (default) or form." }),
};

/** A derived component of RFC 9421 §2.2 that a request has, or a header's name. */
const signatureComponent = z
  .string()
  .regex(
    /^(?:@(?:method|target-uri|authority|scheme|request-target|path|query)|@query-param;name="[^"]+"|[a-z0-9!#$%&'*+.^_`|~-]+)$/,
    'must be the lower-case name of a header, or one of @method, @target-uri, @authority, @scheme, @request-target, @path, @query, @query-param;name="…"',
  );

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
    scheme: scheme("headers", "Several headers, each with a secret of its own."),
    headers: z
      .record(headerName, secretName)
      .refine((headers) => Object.keys(headers).length > 0, "must name at least one header")
      .meta({ description: "Header → name of the secret it carries, such as `DD-API-KEY: api_key`." }),
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
  z.strictObject({
    scheme: scheme(
      "oauth2-client-credentials",
      "OAuth 2 access token for the client itself, kept until it expires.",
    ),
    clientSecret: secretName.meta({ description: "Name of the secret that holds the client's secret." }),
    ...oauth2,
  }),
  z.strictObject({
    scheme: scheme("oauth2-refresh", "OAuth 2 access token for a refresh token."),
    refreshTokenSecret: secretName.meta({ description: "Name of the secret that holds the refresh token." }),
    clientSecret: secretName
      .optional()
      .meta({ description: "Name of the secret that holds the client's secret." }),
    ...oauth2,
  }),
  z.strictObject({
    scheme: scheme("aws-sigv4", "AWS Signature Version 4."),
    region: line.meta({ description: "AWS region, such as `eu-central-1`." }),
    service: line.meta({ description: "AWS service, such as `execute-api`." }),
    accessKeySecret: secretName.meta({ description: "Name of the secret that holds the access key id." }),
    secretKeySecret: secretName.meta({ description: "Name of the secret that holds the secret access key." }),
    sessionTokenSecret: secretName
      .optional()
      .meta({ description: "Name of the secret that holds the session token." }),
  }),
  z.strictObject({
    scheme: scheme("hmac", "A header with an HMAC over parts of the request."),
    secret,
    header,
    prefix: line.optional().meta({ description: "Text before the signature." }),
    algorithm: z.enum(["sha1", "sha256", "sha512"]).optional().meta({ description: "Default `sha256`." }),
    encoding: z.enum(["hex", "base64"]).optional().meta({ description: "Default `hex`." }),
    message: z.string().optional().meta({
      description:
        "What is signed, with {method}, {path}, {query}, {host}, {body}, {bodyHash}, {timestamp}, {nonce}. Default `{timestamp}{method}{path}{body}`.",
    }),
    timestampHeader: headerName.optional().meta({ description: "Header that carries the timestamp." }),
    timestampUnit: z
      .enum(["s", "ms", "iso"])
      .optional()
      .meta({ description: "How the timestamp is written; default `s`." }),
    nonceHeader: headerName.optional().meta({ description: "Header that carries a random value." }),
  }),
  z.strictObject({
    scheme: scheme("http-signature", "HTTP Message Signatures (RFC 9421) with a shared key, hmac-sha256."),
    secret,
    keyEncoding: z
      .enum(["utf8", "base64", "hex"])
      .optional()
      .meta({ description: "How the secret writes the key's bytes; default `utf8`." }),
    keyId: line.optional().meta({ description: "The `keyid` by which the provider knows the key." }),
    label: z
      .string()
      .regex(/^[a-z*][a-z0-9_.*-]*$/, "must be a key of a structured field, such as `sig1`")
      .optional()
      .meta({ description: "Name of the signature in its headers; default `sig`." }),
    components: z.array(signatureComponent).min(1).optional().meta({
      description:
        "What is signed, in this order. Default: `@method`, `@target-uri`, and `content-digest` where there is a body.",
    }),
    parameters: z
      .array(z.enum(["created", "expires", "nonce", "alg", "keyid", "tag"]))
      .optional()
      .meta({
        description: "Parameters of the signature, in this order. Default: `created`, `keyid`, `alg`.",
      }),
    tag: line.optional().meta({ description: "The `tag` of the application that signs." }),
  }),
]);
