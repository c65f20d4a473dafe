export type QueryValue = string | number | boolean | undefined | readonly (string | number | boolean)[];
export type Query = Readonly<Record<string, QueryValue>>;

/** A path parameter that would change which path is asked for, an address that is not the provider's, a lost body. */
export class UnusableParameter extends TypeError {}

/** A value of the caller's as text; undefined for what nobody means to send: null, NaN, an object. */
function plainText(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  return typeof value === "string" || typeof value === "boolean" || typeof value === "bigint"
    ? String(value)
    : undefined;
}

/** What kind of thing a value is, and not the value, which may be a secret in the wrong place. */
const tagOf = (value: unknown): string =>
  typeof value === "number" ? String(value) : Object.prototype.toString.call(value).slice(8, -1);

function segment(name: string, value: string | number | undefined): string {
  const text = value === undefined ? "" : plainText(value);
  if (text === undefined) throw new UnusableParameter(`path parameter \`${name}\` cannot be ${tagOf(value)}`);
  // `.` and `..` survive percent-encoding and are resolved by URL parsers: `/customers/..` is not a customer.
  if (text === "" || text === "." || text === "..") {
    throw new UnusableParameter(
      `path parameter \`${name}\` cannot be ${text === "" ? "empty" : `"${text}"`}`,
    );
  }
  return encodeURIComponent(text);
}

/**
 * Fills `{name}` in a path. Of an address, as providers give them, a fragment is cut off: it is never sent, nor would be the
 * query after it. In a path it is a mistake, for which another thing would be asked for.
 * @throws UnusableParameter where a value is missing, empty, `.` or `..`; for a `#` in a path
 */
export function fillPath(
  path: string,
  params: Readonly<Record<string, string | number | undefined>> = {},
): string {
  if (isAddress(path)) return path.replace(/#.*$/s, "");
  if (path.includes("#")) {
    throw new UnusableParameter(
      "a path cannot hold a `#`: neither what follows it nor the query would be sent; write %23, or give the value as a path parameter",
    );
  }
  if (!path.includes("{")) return path;
  return path.replace(/\{([^}]+)\}/g, (_, name: string) => segment(name, params[name]));
}

function appendQuery(target: URLSearchParams, query: Query): void {
  for (const [name, value] of Object.entries<unknown>(query)) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) {
      const text = plainText(item);
      if (text === undefined)
        throw new UnusableParameter(`query parameter \`${name}\` cannot be ${tagOf(item)}`);
      target.append(name, text);
    }
  }
}

/** Whether a path is a whole address, as in a provider's link to the next page. */
export const isAddress = (path: string): boolean => !path.startsWith("/") && /^https?:\/\//i.test(path);

/** @throws UnusableParameter for an address of another origin: our credential would travel there */
function addressWithin(baseUrl: string, path: string): string {
  if (!isAddress(path)) return `${baseUrl.at(-1) === "/" ? baseUrl.replace(/\/+$/, "") : baseUrl}${path}`;
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

/** What says itself how it is written: a date, a decimal number. */
const writesItself = (value: object): value is { toJSON(): unknown } =>
  "toJSON" in value && typeof value.toJSON === "function";

/** Refuses what JSON and forms make nothing of: an empty body would go out in place of the caller's. */
function refuseLost(body: unknown): void {
  const isObject = typeof body === "object" && body !== null;
  if (!isObject && typeof body !== "function" && typeof body !== "symbol") return;
  if (isObject && (Array.isArray(body) || writesItself(body))) return;
  if (isObject && !(Symbol.iterator in body || Symbol.asyncIterator in body || body instanceof Blob)) return;
  throw new UnusableParameter(
    `a body cannot be made of a ${tagOf(body)}: give an object, a list, a text, bytes or URLSearchParams, which can go out again`,
  );
}

function appendForm(target: URLSearchParams, prefix: string, given: unknown): void {
  refuseLost(given);
  const value = typeof given === "object" && given !== null && writesItself(given) ? given.toJSON() : given;
  if (value === undefined) return;
  if (prefix === "" && (typeof value !== "object" || value === null)) {
    throw new UnusableParameter(`a form is made of an object's fields, not of a ${tagOf(given)}`);
  }
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

/** The bytes of any kind of buffer, a copy: the caller may go on with its own. */
function bytesOf(body: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (body instanceof ArrayBuffer) return new Uint8Array(body.slice(0));
  if (!ArrayBuffer.isView(body)) return undefined;
  return new Uint8Array(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
}

const FORM = "application/x-www-form-urlencoded";

/**
 * A body as bytes and type; strings and bytes go as they are, with the caller's content type.
 * @throws UnusableParameter for what would arrive empty, or could not be sent twice
 */
export function encodeBody(
  body: unknown,
  encoding: BodyEncoding,
): { body: string | Uint8Array<ArrayBuffer>; contentType?: string } | undefined {
  if (body === undefined) return undefined;
  if (typeof body === "string") return { body };
  const bytes = bytesOf(body);
  if (bytes !== undefined) return { body: bytes };
  if (body instanceof URLSearchParams) return { body: body.toString(), contentType: FORM };
  if (encoding === "json") {
    refuseLost(body);
    return { body: JSON.stringify(body), contentType: "application/json" };
  }
  const form = new URLSearchParams();
  appendForm(form, "", body);
  return { body: form.toString(), contentType: FORM };
}
