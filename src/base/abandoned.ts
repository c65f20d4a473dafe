let calls = 0;

/**
 * Native calls that were given up on but cannot be cancelled, such as one that waits for a dialog nobody sees. Their
 * thread keeps the process alive, and even `process.exit` waits for it: who ends the process must know.
 */
export const abandonedCalls = {
  add(): void {
    calls += 1;
  },
  any(): boolean {
    return calls > 0;
  },
};
