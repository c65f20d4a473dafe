import { ConfigError, UsageError } from "../../base/errors.ts";
import { redactUrl } from "../../http/redact.ts";

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
/** No target has a colon. */
const HOST_AND_PORT = /^(?:[\w.-]+|\[[0-9a-f:]+\]):\d{1,5}(?:[/?#]\S*)?$/i;
const HOST = /^(?:localhost|[\w-]+(?:\.[\w-]+)+)(?:[/?#]\S*)?$/i;
/** Development servers; they seldom have TLS. */
const NEAR = /^(?:localhost|127\.|10\.|192\.168\.|0\.0\.0\.0|\[::1\])/i;

function withoutScheme(text: string): UsageError {
  const meant = `${NEAR.test(text) ? "http" : "https"}://${text}`;
  const url = URL.canParse(meant) ? redactUrl(meant) : "http://127.0.0.1:8080/";
  return new UsageError(`\`${url.replace(/^https?:\/\//, "")}\` is neither a target nor a URL`, {
    code: "usage/url",
    hint: `did you mean ${url}?`,
  });
}

/**
 * Words that can be no target and are no URL that can be probed.
 * @throws UsageError with the URL that may be meant
 */
export function refuseMistyped(words: readonly string[]): void {
  for (const word of words) {
    const [, scheme] = SCHEME.exec(word) ?? [];
    if (scheme !== undefined) {
      throw new UsageError(`${scheme.toLowerCase()}:// cannot be probed, only http:// and https://`, {
        code: "usage/url",
      });
    }
    if (HOST_AND_PORT.test(word)) throw withoutScheme(word);
  }
}

/** Where there is no project, a word is more likely a URL than a target: the error that says so. */
export function withoutProject(words: readonly string[], error: unknown): unknown {
  if (!(error instanceof ConfigError) || error.code !== "config/not-found") return error;
  const host = words.find((word) => HOST.test(word));
  if (host !== undefined) return withoutScheme(host);
  if (words.length === 0) return error;
  return new ConfigError(error.message, {
    code: error.code,
    hint: `${error.hint ?? ""}; a URL needs no project, and begins with http:// or https://`,
    cause: error,
  });
}
