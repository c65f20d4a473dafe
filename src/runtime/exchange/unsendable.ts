import { UnusableParameter } from "./request.ts";
import type { WireRequest } from "./transport.ts";

/** RFC 9110 §5.6.2: what names of methods and headers are made of. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

/** What a header can carry: one byte per character, no control characters. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

function whyUnsendable({ url, method, headers, body }: WireRequest): string | undefined {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    return "the base URL is no address of http or https";
  }
  const { username, password } = new URL(url);
  if (username !== "" || password !== "") {
    return "the base URL holds a user name or a password: give them as `auth`";
  }
  if (!TOKEN.test(method)) return `there is no method ${JSON.stringify(method)}`;
  if (body !== undefined && (method === "GET" || method === "HEAD")) return `${method} takes no body`;
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name)) return `there is no header ${JSON.stringify(name)}`;
    if (!FIELD_VALUE.test(value.trim())) {
      return `the value of the header \`${name}\` has characters that no header can carry (a line break, a letter outside Latin-1)`;
    }
  }
  return undefined;
}

/**
 * Why a request that got no answer could not have been sent by anybody: the caller's mistake, which no retry mends and
 * no circuit should count. Asked only of requests that failed, so that the others do not pay for it. Says no value.
 */
export function unsendable(request: WireRequest): UnusableParameter | undefined {
  const why = whyUnsendable(request);
  return why === undefined ? undefined : new UnusableParameter(why);
}
