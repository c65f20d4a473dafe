/** Methods that the HTTP semantic conventions know; each other one would be a series of metrics of its own. */
const KNOWN = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"];

/** The conventions' variable for applications with methods of their own: a list that takes the place of the known ones. */
const VARIABLE = "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS";

function knownMethods(text: string | undefined): ReadonlySet<string> {
  const listed = (text ?? "").split(",").map((method) => method.trim());
  const own = listed.filter((method) => method !== "");
  return new Set(own.length === 0 ? KNOWN : own);
}

/** A method as telemetry names it: in `http.request.method`, and in a span's name. */
export interface NamedMethod {
  attribute: string;
  inName: string;
  /** Whether the method itself has to be told beside it. */
  unknown: boolean;
}

/** Gives methods their names, by what the environment says. */
export function methodNames(
  env: Readonly<Record<string, string | undefined>>,
): (method: string) => NamedMethod {
  const known = knownMethods(env[VARIABLE]);
  return (method) =>
    known.has(method)
      ? { attribute: method, inName: method, unknown: false }
      : { attribute: "_OTHER", inName: "HTTP", unknown: true };
}
