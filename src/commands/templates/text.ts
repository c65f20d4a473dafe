import { ConfigError } from "../../base/errors.ts";
import { neutralize } from "../../base/text.ts";

/** More, or larger ones, are no templates. */
export const LARGEST = { files: 200, bytes: 1_000_000 };

export const tooMuch = (source: string) =>
  new ConfigError(
    `The template ${neutralize(source)} has more than ${LARGEST.files} files, or one of more than ${LARGEST.bytes} bytes`,
    { code: "scaffold/template" },
  );

/** @throws ConfigError where bytes are no text */
export function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll("\r\n", "\n");
  } catch (cause) {
    throw new ConfigError(`${neutralize(path)} in the template is no text`, {
      code: "scaffold/template",
      cause,
    });
  }
}
