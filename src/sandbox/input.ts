import { isJsonObject } from "./json.ts";

/** A request's parameters: form-encoded, as Stripe takes them, or JSON; `undefined` where the body is neither. */
export function readParameters(
  contentType: string | undefined,
  body: string,
): Record<string, string> | undefined {
  if (body === "") return {};
  if (!contentType?.includes("json")) return Object.fromEntries(new URLSearchParams(body));
  try {
    const value: unknown = JSON.parse(body);
    if (!isJsonObject(value)) return undefined;
    const plain = Object.entries(value).filter(([, entry]) => typeof entry !== "object");
    return Object.fromEntries(plain.map(([name, entry]) => [name, String(entry)]));
  } catch {
    return undefined;
  }
}
