import { UsageError } from "../base/errors.ts";

/** Names that Windows gives to devices: no file or directory may have them, on a shared repository too. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/** Words that cannot name the export of a module, and `index`, which would hide the registry beside it. */
const RESERVED = new Set(
  (
    "abstract any arguments as async await boolean break case catch class const constructor continue debugger default delete do " +
    "else enum eval export extends false finally for function if implements import in index instanceof interface let " +
    "module namespace new null number object of package private protected public return static string super switch " +
    "symbol this throw true try type typeof undefined unknown var void while with yield"
  ).split(" "),
);

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

function bad(name: string, why: string, hint: string): UsageError {
  return new UsageError(`'${name}' cannot name an integration: ${why}`, { code: "scaffold/name", hint });
}

/** The nearest name that would do, where there is one: `My API` → `my-api`. */
function nearest(name: string): string | undefined {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "");
  // Without a letter that only looks like one of ours it would be another name.
  if (/[^\x20-\x7e]/.test(plain)) return undefined;
  const text = plain
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+|-+$/g, "")
    .slice(0, 64);
  return NAME.test(text) && !RESERVED.has(text) && !DEVICES.test(text) ? text : undefined;
}

/**
 * Checks the name of an integration: it becomes a directory, an export and a part of targets.
 * @throws UsageError that says what is wrong with it and offers one that would do
 */
export function checkName(name: string): void {
  const instead = nearest(name);
  const hint = instead
    ? `for example: integ scaffold ${instead}`
    : "lower-case letters, digits and single hyphens, such as my-api";
  const foreign = [...name].find((char) => (char.codePointAt(0) ?? 0) > 0x7e);
  if (foreign !== undefined) {
    const code = (foreign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    throw bad(name, `it holds U+${code}, which only looks like a letter that is allowed`, hint);
  }
  if (/[/\\]|^\.+$/.test(name)) throw bad(name, "it is a path, not a name", hint);
  if (name.length > 64) throw bad(`${name.slice(0, 20)}…`, "it has more than 64 characters", hint);
  if (DEVICES.test(name.toLowerCase())) throw bad(name, "Windows keeps it for a device", "add a word to it");
  if (RESERVED.has(name)) throw bad(name, "TypeScript keeps it for itself", "add a word to it");
  if (!NAME.test(name)) {
    throw bad(name, "only lower-case letters, digits and single hyphens, a letter first", hint);
  }
}

/** `my-api` → `MyApi`. */
export function pascalCase(name: string): string {
  return name
    .split(/[-_]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** `my-api` → `myApi`. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

/** `my-api`, `api_key` → `MY_API_API_KEY`. */
export function variableName(name: string, secret: string): string {
  return `${name}_${secret}`.toUpperCase().replaceAll("-", "_");
}
