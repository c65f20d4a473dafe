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
