/** The HTTP/1.1 parser of Node and undici, compiled to WebAssembly. */
declare module "undici/lib/llhttp/llhttp-wasm.js" {
  const wasm: Buffer<ArrayBuffer>;
  export = wasm;
}

/** The little of it that the parser needs: the types of Node leave it to those of browsers. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, (...args: number[]) => number>>);
    readonly exports: Record<string, unknown>;
  }
}
