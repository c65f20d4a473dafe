export type QueryValue = string | number | boolean | undefined | readonly (string | number | boolean)[];
export type Query = Readonly<Record<string, QueryValue>>;

/** A path parameter that would change which path is asked for, or an address that is not the provider's. */
export class UnusableParameter extends TypeError {}

function segment(name: string, value: string | number | undefined): string {
  const text = value === undefined ? "" : String(value);
  // `.` and `..` survive percent-encoding and are resolved by URL parsers: `/customers/..` is not a customer.
  if (text === "" || text === "." || text === "..") {
    throw new UnusableParameter(
      `path parameter \`${name}\` cannot be ${text === "" ? "empty" : `"${text}"`}`,
    );
  }
  return encodeURIComponent(text);
}

/** Fills `{name}` in a path. @throws UnusableParameter where a value is missing, empty, `.` or `..` */
export function fillPath(
  path: string,
  params: Readonly<Record<string, string | number | undefined>> = {},
): string {
  if (!path.includes("{") || isAddress(path)) return path;
  return path.replace(/\{([^}]+)\}/g, (_, name: string) => segment(name, params[name]));
}

function appendQuery(target: URLSearchParams, query: Query): void {
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const item of value) target.append(name, String(item));
    else if (value !== undefined) target.append(name, String(value));
  }
}

/** Whether a path is a whole address, as in a provider's link to the next page. */
export const isAddress = (path: string): boolean => !path.startsWith("/") && /^https?:\/\//i.test(path);

/** @throws UnusableParameter for an address of another origin: our credential would travel there */
function addressWithin(baseUrl: string, path: string): string {
  if (!isAddress(path)) return `${baseUrl.endsWith("/") ? baseUrl.replace(/\/+$/, "") : baseUrl}${path}`;
  if (URL.canParse(path) && new URL(path).origin === new URL(baseUrl).origin) return path;
  throw new UnusableParameter(`an address is of another origin than the base URL ${new URL(baseUrl).origin}`);
}

/**
 * Joins base URL (with its own path, if any), path and queries; later queries come after earlier ones.
 * @throws UnusableParameter
 */
export function buildUrl(baseUrl: string, path: string, queries: readonly Query[]): string {
  const address = addressWithin(baseUrl, path);
  if (queries.every(isEmpty)) return address;
  const search = new URLSearchParams();
  for (const query of queries) appendQuery(search, query);
  // A plus sign means a space in forms only; signatures and strict servers take it for itself.
  const text = search.toString().replaceAll("+", "%20");
  const joiner = path.includes("?") ? "&" : "?";
  return text === "" ? address : `${address}${joiner}${text}`;
}

/** Whether there is nothing in a record. */
export function isEmpty(record: Readonly<Record<string, unknown>>): boolean {
  for (const _name in record) return false;
  return true;
}

function appendForm(target: URLSearchParams, prefix: string, value: unknown): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      appendForm(target, `${prefix}[${index}]`, item);
    });
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      appendForm(target, prefix === "" ? key : `${prefix}[${key}]`, item);
    }
  } else target.append(prefix, value === null ? "" : String(value));
}

/** How a body travels: JSON, or `application/x-www-form-urlencoded` with brackets for what is nested. */
export type BodyEncoding = "json" | "form";

/** A body as bytes and type; strings and bytes go as they are, with the caller's content type. */
export function encodeBody(
  body: unknown,
  encoding: BodyEncoding,
): { body: string | Uint8Array<ArrayBuffer>; contentType?: string } | undefined {
  if (body === undefined) return undefined;
  if (typeof body === "string") return { body };
  if (body instanceof Uint8Array) return { body: new Uint8Array(body) };
  if (encoding === "json") return { body: JSON.stringify(body), contentType: "application/json" };
  const form = new URLSearchParams();
  appendForm(form, "", body);
  return { body: form.toString(), contentType: "application/x-www-form-urlencoded" };
}
