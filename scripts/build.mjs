// Bundles src/ into dist/: a small start-up chunk, and lazy chunks that a command loads when it runs.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { esmExternalRequirePlugin } from "rolldown/plugins";

/** Native, or loaded from the user's own project; everything else is bundled so that integ starts fast. */
const NEVER_BUNDLED = [
  "@napi-rs/keyring",
  "@vscode/ripgrep",
  "oxc-parser",
  "jiti",
  "node-sqlite3-wasm",
  "bullmq",
  "ioredis",
];

/**
 * What is loaded together becomes one file each: left alone, every module that another lazy chunk needs too becomes a file of
 * its own, and opening files is what a quick command spends its time on. By the modules with which such a part begins; what
 * several of them need goes to the first.
 */
const TOGETHER = {
  // What is needed before the command is known.
  start: ["src/main.ts"],
  // What stands before every start of an application: `integ run`, and the stores of a machine.
  run: [
    "src/commands/run/run.ts",
    "src/secrets/stores/keychain.ts",
    "src/secrets/stores/vault.ts",
    "src/secrets/stores/passphrase.ts",
  ],
  // What follows it, behind the program's start.
  audited: ["src/commands/secrets/audited.ts"],
  // What lists secrets: without a part of its own it lay in those below, which bring documents and the network along.
  secrets: ["src/commands/secrets/list.ts"],
  // What tells findings, and hides what may not be told: of a scan as of what goes to the network.
  told: ["src/report/terminal.ts", "src/check/baseline.ts", "src/http/redact.ts", "src/secrets/rules.ts"],
  // What stands before every commit, and looks through files: without a part of its own it brought half of everything along.
  scan: ["src/commands/secrets/scan/scan.ts"],
  // What reads answers, whoever judges them.
  answers: ["src/check/contract/question.ts"],
  // What compares documents, and asks nobody.
  diff: ["src/commands/diff/run.ts"],
  // What asks providers, for whichever command.
  exchange: ["src/http/client.ts", "src/probe/run.ts", "src/probe/json.ts"],
  // What holds answers against contracts.
  contract: ["src/contract/judge.ts", "src/contract/store.ts"],
  check: ["src/commands/check/run.ts"],
};

const PARSER = "undici/lib/llhttp/llhttp-wasm.js";

/** Sorts modules into the parts of `TOGETHER`. */
function parts() {
  const partOf = new Map();
  const plugin = {
    name: "parts",
    buildEnd() {
      const visit = (id, part) => {
        if (partOf.has(id)) return;
        partOf.set(id, part);
        for (const next of this.getModuleInfo(id)?.importedIds ?? []) visit(next, part);
      };
      for (const [part, files] of Object.entries(TOGETHER))
        for (const file of files) if (this.getModuleInfo(resolve(file))) visit(resolve(file), part);
    },
  };
  const groups = Object.keys(TOGETHER).map((name) => ({
    name,
    test: (id) => partOf.get(id) === name,
    includeDependenciesRecursively: false,
  }));
  return { groups, plugin };
}

/**
 * Commander loads `node:child_process`, and that the network, for subcommands that are programs of their own. integ has none,
 * and would pay for it with every start.
 */
const noSubprograms = {
  name: "no-subprograms",
  resolveId: (id, importer) =>
    id === "node:child_process" && /[\\/]commander[\\/]/.test(importer ?? "")
      ? "\0no-subprograms"
      : undefined,
  load: (id) => (id === "\0no-subprograms" ? "export {};" : undefined),
};

/**
 * The HTTP parser's bytes as a module of its own. Imported as the CommonJS module that it is, each of its sixty thousand bytes
 * became a property of what is imported, with every start of a command that asks a provider.
 */
const parserBytes = {
  name: "parser-bytes",
  resolveId: (id, importer) =>
    id === PARSER && !/[\\/]undici[\\/]/.test(importer ?? "") ? "\0parser-bytes" : undefined,
  load: (id) =>
    id === "\0parser-bytes"
      ? `export default Buffer.from("${createRequire(import.meta.url)(PARSER).toString("base64")}", "base64");`
      : undefined,
};

/**
 * Letters beyond ASCII as escapes. With a single one of them Node decodes the whole text letter by letter, and keeps it in
 * twice the room.
 */
const inAscii = {
  name: "in-ascii",
  generateBundle(_options, output) {
    for (const chunk of Object.values(output)) {
      if (chunk.type !== "chunk") continue;
      chunk.code = chunk.code.replace(
        /[^\0-\x7f]/g,
        (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
    }
  },
};

/**
 * Node's own modules that a bundled library requires are imported: `createRequire`, which stands there otherwise, is nothing
 * in an application that webpack bundles.
 */
const nodeImported = esmExternalRequirePlugin({ external: builtinModules });

/** What the application brings: the runtime shares its copy, or goes without. */
const APPLICATIONS = ["zod", "msw"];

const NOT_IN_APPLICATIONS = [...NEVER_BUNDLED, ...APPLICATIONS];

/**
 * @param {{ format?: "esm" | "cjs", inApplications?: boolean }} options `cjs`: what starts often. Node's loader of ES modules
 * costs more than an eighth of a bare start; `inApplications` keeps the lines: Node shows the whole line of an error that
 * nobody caught, and one can be read in a debugger
 * @returns {Promise<string[]>} the files that went into the bundle
 */
async function bundle(input, external, { format = "esm", inApplications = false } = {}) {
  const extension = format === "cjs" ? "cjs" : "js";
  const { groups, plugin } = parts();
  const build = await rolldown({
    input,
    plugins: [plugin, noSubprograms, parserBytes, ...(inApplications ? [nodeImported, inAscii] : [])],
    platform: "node",
    // Lets the start go into main.js itself, from where lazy chunks import it.
    preserveEntrySignatures: "allow-extension",
    external: external.map((name) => new RegExp(`^${name}(/|$)`)),
    resolve: { conditionNames: ["node", "import", "default"] },
  });
  const { output } = await build.write({
    dir: "dist",
    format,
    // What is imported late is required late: a loader for both kinds would be started for it.
    dynamicImportInCjs: false,
    minify: { mangle: false, compress: true, codegen: { removeWhitespace: !inApplications } },
    codeSplitting: { groups },
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `chunks/[name]-[hash].${extension}`,
    comments: { legal: true, annotation: true, jsdoc: false },
  });
  await build.close();
  return output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
}

function packageOf(file) {
  for (let at = dirname(file); at.includes("node_modules"); at = dirname(at)) {
    const manifest = join(at, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name) return at;
  }
  return undefined;
}

/** The library is the commands' code, for who imports. */
function writeLibrary() {
  const names = Object.keys(createRequire(import.meta.url)(resolve("dist/index.cjs")));
  writeFileSync("dist/index.js", `export { ${names.join(", ")} } from "./index.cjs";\n`);
}

/**
 * The types once more for CommonJS, which may require ES modules since Node 20.19: TypeScript's `module: node16` knows
 * nothing of that, and refuses them. They are the same types, so that both kinds of an application's files agree.
 */
async function writeRequiredTypes(entry, types) {
  const text = readFileSync(`${types}.d.ts`, "utf8");
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names]) =>
    names.split(","),
  );
  const declared = [...text.matchAll(/^export (?:declare )?(?:interface|type|class) (\w+)/gm)];
  const loaded = await import(resolve(entry));
  const values = Object.keys(loaded);
  const named = [
    ...listed.map((name) => name.trim().replace(/^type /, "")),
    ...declared.map(([, name]) => name),
  ];
  const onlyTypes = named.filter((name) => name !== "" && !values.includes(name));
  const classes = values.filter((name) => /^class\b/.test(String(loaded[name])));
  const mode = 'with { "resolution-mode": "import" }';
  const module = `"./${types.split("/").at(-1)}.js" ${mode}`;
  writeFileSync(
    `${types}.d.cts`,
    [
      `import type * as esm from ${module};`,
      `export type { ${onlyTypes.join(", ")} } from ${module};`,
      ...values.map((name) => `export declare const ${name}: typeof esm.${name};`),
      ...classes.map((name) => `export type ${name} = esm.${name};`),
      "",
    ].join("\n"),
  );
}

/** The licences of bundled packages ask to be handed on with the code. */
function writeNotices(files) {
  const packages = [...new Set(files.filter((file) => file.includes("node_modules")).map(packageOf))]
    .filter(Boolean)
    .sort();
  const notices = packages.map((directory) => {
    const { name, version, license } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(directory, file), "utf8").trim() : `Licence: ${license}`;
    return `${name} ${version}\n\n${text}\n`;
  });
  writeFileSync("dist/THIRD-PARTY-NOTICES.txt", notices.join(`\n${"-".repeat(80)}\n\n`));
}

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
rmSync("dist", { recursive: true, force: true });

const files = [
  ...(await bundle({ main: "src/main.ts", index: "src/index.ts" }, NEVER_BUNDLED, { format: "cjs" })),
  // Before the start, where Node keeps nothing compiled by itself.
  ...(await bundle({ compiled: "src/host/compiled.ts" }, [], { format: "cjs" })),
  // A process of its own loads the user's schemas with the user's copy of zod.
  ...(await bundle({ consumer: "src/check/consumer/child.ts" }, [...NEVER_BUNDLED, "zod"])),
  // A process of its own empties the clipboard when integ has long ended.
  ...(await bundle({ clipboard: "src/secrets/clipboard/clearer.ts" }, NEVER_BUNDLED)),
  // A thread of its own holds answers against contracts.
  ...(await bundle({ contracts: "src/check/contract/helper.ts" }, NEVER_BUNDLED, { format: "cjs" })),
  // A process of its own loads the user's TypeScript.
  ...(await bundle({ readers: "src/check/readers/child.ts" }, NEVER_BUNDLED)),
  // Schemas and the code that checks with them must be of one copy of zod, and so must errors of runtime and tests.
  ...(await bundle({ runtime: "src/runtime/index.ts" }, NOT_IN_APPLICATIONS, { inApplications: true })),
  ...(await bundle({ testing: "src/testing/index.ts" }, NOT_IN_APPLICATIONS, { inApplications: true })),
];
writeLibrary();
writeNotices(files);
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json"], {
  stdio: "inherit",
});
await writeRequiredTypes("dist/index.js", "dist/types/index");
await writeRequiredTypes("dist/runtime.js", "dist/types/runtime/index");
await writeRequiredTypes("dist/testing.js", "dist/types/testing/index");
