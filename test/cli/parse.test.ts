import { describe, expect, test } from "vitest";
import { IntegError, UsageError } from "../../src/base/errors.ts";
import { type Parsed, parseCommandLine } from "../../src/cli/parse.ts";
import { env, failOn, timeout } from "../../src/cli/shared-options.ts";
import { type CommandSpec, defineCommand } from "../../src/cli/spec.ts";

const plain = { title: String, command: String, dim: String };
const load = () => Promise.reject(new Error("parsing runs nothing"));
const group = { group: "Try and help", json: true, examples: [] } as const;

const table: readonly CommandSpec[] = [
  defineCommand({
    ...group,
    name: "probe",
    summary: "Measure endpoints",
    description: "More about it.",
    args: { targets: { help: "what to probe", variadic: true } },
    options: {
      env,
      failOn,
      timeout,
      samples: { type: "integer", help: "how many", min: 1, max: 100 },
      header: { type: "strings", help: "header to send" },
      reserve: { type: "percent", help: "share" },
      dryRun: { type: "boolean", short: "n", help: "write nothing" },
    },
    examples: [{ why: "Everything", command: "integ probe" }],
    load,
  }),
  defineCommand({
    ...group,
    name: "secrets set",
    summary: "Store a secret",
    args: { secret: { help: "which", required: true } },
    options: { env },
    load,
  }),
  defineCommand({ ...group, name: "secrets list", summary: "List", args: {}, options: {}, load }),
  defineCommand({
    ...group,
    name: "run",
    json: false,
    summary: "Run a program",
    args: { command: { help: "program", variadic: true, required: true } },
    options: { env },
    passThrough: true,
    load,
  }),
];

const parse = (line: string): Parsed => parseCommandLine(line.split(" ").filter(Boolean), table, plain);

function textOf(line: string): string {
  const parsed = parse(line);
  if (parsed.kind !== "text") throw new Error(`${line} runs a command`);
  return parsed.text;
}

function ran(line: string) {
  const parsed = parse(line);
  if (parsed.kind !== "run") throw new Error(`${line} prints text`);
  return { name: parsed.command.name, options: parsed.options, globals: parsed.globals };
}

function errorOf(line: string): UsageError {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`${line} is fine`);
}

describe("wrong command lines say what is wrong and what was meant", () => {
  test.each([
    ["prob", "Unknown command `prob`", "did you mean `integ probe`?  see `integ --help`"],
    ["frobnicate", "Unknown command `frobnicate`", "see `integ --help`"],
    [
      "secrets st",
      "Unknown command `secrets st`",
      "did you mean `integ secrets set`?  see `integ secrets --help`",
    ],
    ["secrest set", "Unknown command `secrest`", "did you mean `integ secrets`?  see `integ --help`"],
    ["set", "Unknown command `set`", "did you mean `integ secrets set`?  see `integ --help`"],
    ["secrets", "`integ secrets` needs a command: set, list", "see `integ secrets --help`"],
    ["--jsn", "Unknown option `--jsn`", "did you mean `--json`?  see `integ --help`"],
    ["--jsn probe", "Unknown option `--jsn`", "did you mean `--json`?  see `integ --help`"],
    ["--samples 3 probe", "Unknown option `--samples`", "see `integ --help`"],
    [
      "probe --sampels 3",
      "Unknown option `--sampels`",
      "did you mean `--samples`?  see `integ probe --help`",
    ],
    ["probe -json", "Unknown option `-json`", "did you mean `--json`?  see `integ probe --help`"],
    ["probe -x", "Unknown option `-x`", "see `integ probe --help`"],
    ["probe --json=yes", "Unknown option `--json=yes`", "did you mean `--json`?  see `integ probe --help`"],
    ["probe --samples", "Option `--samples <SAMPLES>` needs a value", "see `integ probe --help`"],
    [
      "probe --samples x",
      "Option `--samples <SAMPLES>` cannot be `x`: it is not a number",
      "see `integ probe --help`",
    ],
    [
      "probe --samples 1.5",
      "Option `--samples <SAMPLES>` cannot be `1.5`: it is not a whole number",
      "see `integ probe --help`",
    ],
    [
      "probe --samples 0",
      "Option `--samples <SAMPLES>` cannot be `0`: the least is 1",
      "see `integ probe --help`",
    ],
    [
      "probe --samples 101",
      "Option `--samples <SAMPLES>` cannot be `101`: the most is 100",
      "see `integ probe --help`",
    ],
    [
      "probe --timeout 5",
      "Option `--timeout <DURATION>` cannot be `5`: it is not a duration such as 800ms, 30s, 1h30m or 90d",
      "see `integ probe --help`",
    ],
    [
      "probe --reserve 120%",
      "Option `--reserve <RESERVE>` cannot be `120%`: it is not a percentage from 0 to 100, such as 20%",
      "see `integ probe --help`",
    ],
    [
      "probe --fail-on eror",
      "Option `--fail-on <SEVERITY>` cannot be `eror`: allowed are error, warning, info, never",
      "did you mean `error`?  see `integ probe --help`",
    ],
    [
      "probe --color sometimes",
      "Option `--color <WHEN>` cannot be `sometimes`: allowed are auto, always, never",
      "see `integ probe --help`",
    ],
    [
      "secrets set",
      "Missing argument <secret>",
      "usage: integ secrets set <secret> [options]  see `integ secrets set --help`",
    ],
    [
      "secrets list x",
      "Too many arguments",
      "usage: integ secrets list [options]  see `integ secrets list --help`",
    ],
    ["run", "Missing argument <command>", "usage: integ run <command...> [options]  see `integ run --help`"],
    ["run --json ls", "Unknown option `--json`", "see `integ run --help`"],
    ["help prob", "There is no help for `prob`", "did you mean `integ help probe`?"],
    ["help exit-code", "There is no help for `exit-code`", "did you mean `integ help exit-codes`?"],
    [
      "help secrets st",
      "Unknown command `secrets st`",
      "did you mean `integ secrets set`?  see `integ secrets --help`",
    ],
  ])("%s", (line, message, hint) => {
    const error = errorOf(line);
    expect(error).toBeInstanceOf(IntegError);
    expect({ message: error.message, hint: error.hint, rc: error.exitCode }).toEqual({
      message,
      hint,
      rc: 2,
    });
    expect(error.code).toMatch(/^usage(\/[a-z-]+)?$/);
  });

  test("an argument with quotes and newlines does not confuse the message", () => {
    const parsed = () => parseCommandLine(["probe", "--samples", "it's '1'\nx"], table, plain);
    expect(parsed).toThrow("Option `--samples <SAMPLES>` cannot be `it's '1'\nx`: it is not a number");
  });

  test("names of an object's prototype are unknown like any other word", () => {
    expect(errorOf("constructor").message).toBe("Unknown command `constructor`");
    expect(errorOf("help __proto__").message).toBe("There is no help for `__proto__`");
  });
});

describe("help", () => {
  test.each(["probe -h", "probe --help", "help probe", "--help probe", "-h probe", "probe stripe --json -h"])(
    "%s is the help of the command",
    (line) => {
      expect(textOf(line)).toBe(textOf("probe --help"));
    },
  );

  test("a command's help has description, usage, arguments, options by group, examples", () => {
    const text = textOf("probe --help");
    const order = [
      "integ probe [targets...] [options]",
      "Measure endpoints.",
      "More about it.",
      "Arguments",
      "Options",
      "Target",
      "Check",
      "Output",
      "Interaction",
      "Examples",
    ];
    const at = order.map((part) => text.indexOf(part));
    expect(at.every((index) => index >= 0)).toBe(true);
    expect(text.split("\n").filter((row) => row.length > 80)).toEqual([]);
  });

  test.each(["-h", "--help", "help", "help --no-color", "help help"])("%s is the whole help", (line) => {
    expect(textOf(line)).toContain("integ help exit-codes");
    expect(textOf(line)).toContain("secrets set");
  });

  test.each(["", "--no-color", "--color never"])("integ %s alone is the short help", (line) => {
    expect(textOf(line)).toContain("Usage");
    expect(textOf(line)).not.toContain("integ help exit-codes");
  });

  test.each(["secrets --help", "help secrets", "secrets -h"])(
    "%s lists the commands of the group",
    (line) => {
      expect(textOf(line)).toMatch(/secrets set +Store a secret\n +secrets list +List/);
    },
  );

  test("help exit-codes names every code", () => {
    for (const code of ["0", "1", "2", "3", "4", "5", "130"])
      expect(textOf("help exit-codes")).toMatch(new RegExp(`^ +${code} `, "m"));
  });

  test("the shared flags stand in every command's help", () => {
    for (const flag of ["--quiet", "--verbose", "--color", "--no-color", "--config", "--yes", "--no-input"])
      expect(textOf("secrets list -h")).toContain(flag);
  });

  test.each(["--version", "-V", "--no-color --version"])("%s prints the version", (line) => {
    expect(textOf(line)).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("values", () => {
  test("have the type that the table says, and their defaults", () => {
    const { options } = ran(
      "probe stripe acme/x --samples 5 --timeout 1.5s --reserve 20% --header a --header b -n --fail-on info -e prod",
    );
    expect(options).toEqual({
      targets: ["stripe", "acme/x"],
      env: "prod",
      failOn: "info",
      timeout: 1500,
      samples: 5,
      header: ["a", "b"],
      reserve: 0.2,
      dryRun: true,
    });
    expect(ran("probe").options).toMatchObject({
      targets: [],
      failOn: "error",
      header: [],
      samples: undefined,
    });
  });

  test("a repeated list does not leak into the next command line", () => {
    ran("probe --header a");
    expect(ran("probe --header b").options.header).toEqual(["b"]);
  });

  test.each([
    "--json probe",
    "probe --json",
    "-q --json probe",
    "--config a.yaml --json probe",
    "--color=never --json -- probe",
  ])("shared flags hold before and after the command: %s", (line) => {
    expect(ran(line)).toMatchObject({ name: "probe", globals: { json: true } });
  });

  test("shared flags", () => {
    expect(ran("--config a.yaml probe -y --quiet --verbose --no-input --color always").globals).toEqual({
      json: false,
      quiet: true,
      verbose: true,
      color: "always",
      config: "a.yaml",
      yes: true,
      input: false,
    });
    expect(ran("probe --no-color").globals.color).toBe("never");
    expect(ran("probe").globals).toMatchObject({ color: "auto", input: true, config: undefined });
  });

  test("what follows the program of a pass-through command is the program's", () => {
    expect(ran("run -e dev node --help -q").options).toEqual({
      command: ["node", "--help", "-q"],
      env: "dev",
    });
    expect(ran("run -- node --json -- x").options.command).toEqual(["node", "--json", "--", "x"]);
  });
});
