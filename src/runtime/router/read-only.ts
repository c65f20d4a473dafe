import type { AsyncLocalStorage } from "node:async_hooks";

/** Made when something is first shadowed: calls of an application that never does so are not looked at. */
let storage: AsyncLocalStorage<true> | undefined;

/** Runs work in which every client refuses calls that could change anything at the provider. */
export function readOnly<T>(work: () => T): T {
  storage ??= new (process.getBuiltinModule("node:async_hooks").AsyncLocalStorage)();
  return storage.run(true, work);
}

/** @throws TypeError for a call that is not a read, within {@link readOnly} */
export function refuseWrite(method: string, operation: string): void {
  if (storage?.getStore() === undefined || /^(GET|HEAD|OPTIONS)$/i.test(method)) return;
  throw new TypeError(`${operation} is a ${method}: only reads may be shadowed`);
}
