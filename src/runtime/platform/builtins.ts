/**
 * `node:crypto`, loaded when it is first needed: it takes half as long to load as all of the runtime, and an application
 * that imports the runtime seldom needs it to start.
 */
export function nodeCrypto(): typeof import("node:crypto") {
  return process.getBuiltinModule("node:crypto");
}

/**
 * `node:fs/promises`, loaded when it is first needed: beside it Node loads what watches directories, which takes as long as
 * all of the runtime.
 */
export function nodeFiles(): typeof import("node:fs/promises") {
  return process.getBuiltinModule("node:fs/promises");
}

/** `node:module`, loaded when it is first needed: beside it Node loads what reads source maps. */
export function nodeModule(): typeof import("node:module") {
  return process.getBuiltinModule("node:module");
}

/** `node:path`, which is always there; a first import of anything of Node's own takes half a millisecond all the same. */
export function nodePath(): typeof import("node:path") {
  return process.getBuiltinModule("node:path");
}
