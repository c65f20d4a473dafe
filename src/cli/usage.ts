import { kebab } from "./flags.ts";
import type { CommandSpec } from "./spec.ts";

/** `<name>`, `[targets...]`. */
export function argumentsUsage(spec: CommandSpec): string[] {
  return Object.entries(spec.args).map(([name, { required, variadic }]) => {
    const inner = `${kebab(name)}${variadic ? "..." : ""}`;
    return required ? `<${inner}>` : `[${inner}]`;
  });
}

/** `integ secrets set <secret> [options]`. */
export function usageOf(spec: CommandSpec): string {
  return ["integ", spec.name, ...argumentsUsage(spec), "[options]"].join(" ");
}
