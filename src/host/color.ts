export { plainStyle, styleFor } from "../base/style.ts";

/**
 * Whether a stream may be coloured: `--color` wins, then NO_COLOR (no-color.org), FORCE_COLOR, CLICOLOR_FORCE, and at
 * last whether the stream is a terminal that is not dumb.
 */
export function useColor(
  when: "auto" | "always" | "never",
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
): boolean {
  if (when !== "auto") return when === "always";
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  if (env.CLICOLOR_FORCE && env.CLICOLOR_FORCE !== "0") return true;
  return isTTY && env.TERM !== "dumb";
}
