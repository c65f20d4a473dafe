import type { Context } from "../base/context.ts";
import type { Result } from "../base/result.ts";

/** One flag of a command. `long` without dashes; `choices` makes the parser refuse anything else. */
export interface OptionSpec {
  readonly type: "boolean" | "string" | "strings" | "integer" | "number" | "duration" | "percent";
  readonly short?: string;
  /** One line, no full stop, below 79 columns with its flag. */
  readonly help: string;
  /** What the value is called in help: `NAME`, `FILE`. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Shown in help and applied by the parser. */
  readonly default?: string | number | boolean;
  readonly group?: OptionGroup;
  /** Inclusive bounds of a number. */
  readonly min?: number;
  readonly max?: number;
}

export type OptionGroup = "Target" | "Check" | "Output" | "Network" | "Interaction" | "Troubleshooting";

/** One positional argument. */
export interface ArgumentSpec {
  readonly help: string;
  readonly required?: boolean;
  readonly variadic?: boolean;
}

type Scalar<T extends OptionSpec["type"]> = T extends "boolean"
  ? boolean
  : T extends "string"
    ? string
    : T extends "strings"
      ? string[]
      : number;

type OptionValue<S extends OptionSpec> = S extends { default: unknown } | { type: "strings" }
  ? Scalar<S["type"]>
  : Scalar<S["type"]> | undefined;

type ArgumentValue<S extends ArgumentSpec> = S extends { variadic: true }
  ? string[]
  : S extends { required: true }
    ? string
    : string | undefined;

/** The typed options object a command's `run` receives: arguments and flags by their names in camel case. */
export type OptionsOf<A extends Record<string, ArgumentSpec>, O extends Record<string, OptionSpec>> = {
  [K in keyof A]: ArgumentValue<A[K]>;
} & { [K in keyof O]: OptionValue<O[K]> };

export interface Example {
  /** Said above the command as a comment. */
  readonly why: string;
  /** The whole command line, beginning with `integ`. */
  readonly command: string;
}

/** Everything the parser, help, completion and the reference need to know of a command. */
export interface CommandSpec {
  /** `probe`, or `secrets set`: a word per level. */
  readonly name: string;
  readonly group: "Start" | "Secrets" | "Live APIs" | "Contracts" | "Versions" | "Try and help";
  readonly summary: string;
  /** Paragraphs below the usage line. */
  readonly description?: string;
  readonly args: Readonly<Record<string, ArgumentSpec>>;
  /** Keyed by camel case; the flag is the kebab case of the key. */
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly Example[];
  /** Whether `--json` means something here; every command that answers something says yes. */
  readonly json: boolean;
  /** Everything after `--` goes to the last, variadic argument untouched. */
  readonly passThrough?: boolean;
  /** Loads and runs the command; nothing of it is loaded before. */
  readonly run: (options: Record<string, unknown>, ctx: Context) => Promise<Result>;
}

/**
 * Declares a command. `load` is called only when the command runs, so that help and completion load nothing of it;
 * its `run` must accept exactly the options declared here.
 */
export function defineCommand<
  const A extends Record<string, ArgumentSpec>,
  const O extends Record<string, OptionSpec>,
>(
  spec: Omit<CommandSpec, "args" | "options" | "run"> & {
    args: A;
    options: O;
    load: () => Promise<{ run(options: OptionsOf<A, O>, ctx: Context): Promise<Result> }>;
  },
): CommandSpec {
  const { load, ...rest } = spec;
  return {
    ...rest,
    run: async (options, ctx) => {
      const command = await load();
      // The parser built `options` from the very table that OptionsOf is derived from.
      return command.run(options as OptionsOf<A, O>, ctx);
    },
  };
}
