/**
 * `node:crypto`, loaded when something of it is first used: it takes half as long to load as all of the runtime, and an
 * application that imports the runtime seldom needs it to start.
 */
type Crypto = typeof import("node:crypto");

const nodeCrypto = (): Crypto => process.getBuiltinModule("node:crypto");

export const createHash = (algorithm: string): ReturnType<Crypto["createHash"]> =>
  nodeCrypto().createHash(algorithm);
