const REDACTED = "REDACTED";

/** Names of query parameters and headers whose value is a credential, whatever the provider. */
const SECRET_NAME =
  /^(?:key|appid|auth|authorization|code|jwt|sas|sig|signature|pwd|pass)$|(?:^|_)(?:api|access|app|subscription|private|consumer|secret|signing|auth|x)_?key$|apikey$|token|secret|passw|credential|signature|^(?:proxy_)?authorization$|cookie$/;

/**
 * How every name ends that `SECRET_NAME` knows, in any case: for a search that must pass over none of them, and may meet
 * others.
 */
export const SECRET_NAME_END =
  "(?:token|secret|passw|credential|signature)[\\w.-]*|key|appid|auth|authorization|code|jwt|sas|sig|pwd|pass|cookie";

/** Values that are credentials by their form, whatever they are called. */
const SECRET_VALUE =
  /^(?:(?:sk|rk|pk|whsec)_(?:test_|live_)?[A-Za-z0-9]{10,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abeprs]-[\w-]{10,}|glpat-[\w-]{15,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|AKIA[A-Z0-9]{12,}|SG\.[\w-]{15,}\.[\w-]{15,})$/;

/** Path segments that carry a credential: Telegram's bot token, the tail of a Slack or Discord webhook. */
const SECRET_PATH: readonly RegExp[] = [
  /(\/bot\d{5,}:)[\w-]{20,}/g,
  /(\/services\/T\w+\/B\w+\/)\w+/g,
  /(\/webhooks\/\d+\/)[\w-]{20,}/g,
];

/** A user, a query and a fragment are known by their signs, a path by the above: an address without any is shown as it is. */
const MAY_HOLD_SECRET = new RegExp(["[@?#]", ...SECRET_PATH.map(({ source }) => source)].join("|"));

const words = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[-.[\]]+/g, "_")
    .toLowerCase();

/** Whether a parameter or header of this name carries a credential. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(words(name));
}

const decoded = (text: string) => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
};

function redactPair(pair: string, names: ReadonlySet<string>): string {
  const equals = pair.indexOf("=");
  if (equals < 0) return SECRET_VALUE.test(decoded(pair)) ? REDACTED : pair;
  const name = decoded(pair.slice(0, equals));
  const secret = names.has(name) || isSecretName(name) || SECRET_VALUE.test(decoded(pair.slice(equals + 1)));
  return secret ? `${pair.slice(0, equals)}=${REDACTED}` : pair;
}

/**
 * A URL that may be shown: without user name and password, credentials in query, fragment and well-known paths replaced.
 * Works on text that is no valid URL too, so that it is safe in error messages.
 * @param names further query parameters that carry a credential
 */
export function redactUrl(url: string, names: readonly string[] = []): string {
  if (!MAY_HOLD_SECRET.test(url)) return url;
  const known = new Set(names);
  const withoutUser = url.replace(
    /^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*@/i,
    (_all, scheme) => `${scheme ?? ""}//`,
  );
  const [, head = "", query, fragment] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(withoutUser) ?? [];
  const path = SECRET_PATH.reduce((text, pattern) => text.replace(pattern, `$1${REDACTED}`), head);
  const pairs = (text: string) =>
    text
      .split("&")
      .map((pair) => redactPair(pair, known))
      .join("&");
  return `${path}${query === undefined ? "" : `?${pairs(query)}`}${fragment === undefined ? "" : `#${pairs(fragment)}`}`;
}

/** Headers that may be shown. @param names further header names (lower case) that carry a credential */
export function redactHeaders(
  headers: Readonly<Record<string, string>>,
  names: readonly string[] = [],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const secret =
        names.includes(name.toLowerCase()) || isSecretName(name) || SECRET_VALUE.test(value.trim());
      return [name, secret ? REDACTED : value];
    }),
  );
}
