import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import Module from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { compiledDirectory, type Env } from "../base/cache-directory.ts";

/** What of Node's class for CommonJS modules compiles them; for its users to replace, though its types do not say so. */
interface Compiler {
  _compile(this: NodeJS.Module, source: string, file: string, ...more: unknown[]): unknown;
}

type Run = (
  exports: unknown,
  require: (id: string) => unknown,
  module: NodeJS.Module,
  file: string,
  directory: string,
) => unknown;

/** Bytes before the compiled code: its length, and how many starts made it. */
const HEADER = 8;

/** Starts that each add the functions that they needed, for commands differ in that. */
const MAKERS = 10;

/** How the names of kept files end, and no others: what else lies in a directory that a variable names is not ours. */
const KEPT_NAME = /\.cjs\.v\d/;

/** Milliseconds after which a file is made anew: those of builds that are gone go away with it. */
const KEPT_MS = 90 * 86_400_000;

interface Kept {
  code: Buffer;
  makers: number;
}

/** Of another user nothing is read: what stands there is run. */
function bytesOf(cached: string): Buffer | undefined {
  const file = openSync(cached, "r");
  try {
    const mine = process.getuid === undefined || fstatSync(file).uid === process.getuid();
    return mine ? readFileSync(file) : undefined;
  } finally {
    closeSync(file);
  }
}

/**
 * What was compiled of exactly this source; undefined where there is none, or anything is odd. The code stands there twice: of
 * damaged code V8 would end the process, and comparing copies is quicker than any checksum.
 */
function recall(cached: string, source: Buffer): Kept | undefined {
  try {
    const bytes = bytesOf(cached);
    if (bytes === undefined) return undefined;
    const second = HEADER + bytes.readUInt32LE(0);
    const third = second + second - HEADER;
    const code = bytes.subarray(HEADER, second);
    const whole = bytes.subarray(third).equals(source) && bytes.subarray(second, third).equals(code);
    return whole ? { code, makers: bytes.readUInt32LE(4) } : undefined;
  } catch {
    return undefined;
  }
}

interface Fresh {
  cached: string;
  source: Buffer;
  script: Script;
  makers: number;
}

function write({ cached, source, script, makers }: Fresh): void {
  const code = script.createCachedData();
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(code.length, 0);
  header.writeUInt32LE(makers, 4);
  // Containers that share a cache share process numbers, too.
  const beside = `${cached}.${process.pid}${Math.random()}`;
  try {
    writeFileSync(beside, Buffer.concat([header, code, code, source]), { flag: "wx", mode: 0o600 });
    renameSync(beside, cached);
  } catch (error) {
    // Else each start would leave one more on a disk that is full.
    rmSync(beside, { force: true });
    throw error;
  }
}

function prune(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (!KEPT_NAME.test(name)) continue;
    const file = join(directory, name);
    if (Date.now() - statSync(file).mtimeMs > KEPT_MS) rmSync(file, { force: true });
  }
}

function remember(directory: string, fresh: readonly Fresh[]): void {
  if (fresh.length === 0) return;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const one of fresh) write(one);
    prune(directory);
  } catch {}
}

/**
 * Keeps what V8 compiles of the CommonJS modules below `code` in the user's cache, as `module.enableCompileCache` does from
 * Node 22.1 on, and obeys the same variables. A cache that cannot be read or written is none.
 */
export function keepCompiled(code: string, env: Env): void {
  const directory = compiledDirectory(env, process.platform);
  if (directory === undefined || directory === "off") return;
  // What is compiled under other flags V8 refuses: whoever uses both in turn would make all anew each time.
  const flags = encodeURIComponent([...process.execArgv, env.NODE_OPTIONS].join(" ").trim()).slice(-40);
  const maker = `${process.version}-${process.arch}${flags && `-${flags}`}`;
  const compiler = Module.prototype as unknown as Compiler;
  const { _compile: compile } = compiler;
  const fresh: Fresh[] = [];
  compiler._compile = function (text, file, ...more) {
    if (!file.startsWith(code)) return compile.call(this, text, file, ...more);
    const source = Buffer.from(text);
    const cached = join(directory, `${encodeURIComponent(file).slice(-120)}.${maker}`);
    const kept = recall(cached, source);
    const script = new Script(Module.wrap(text), { filename: file, cachedData: kept?.code });
    const makers = kept && !script.cachedDataRejected ? kept.makers : 0;
    if (makers < MAKERS) fresh.push({ cached, source, script, makers: makers + 1 });
    const run: Run = script.runInThisContext();
    return run.call(this.exports, this.exports, (id) => this.require(id), this, file, dirname(file));
  };
  // At the end, with the functions that were compiled on the way.
  process.once("exit", () => remember(directory, fresh));
}
