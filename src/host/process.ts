/** The part of Node's `process` that integ uses; tests pass their own. */
export interface HostProcess {
  readonly argv: readonly string[];
  readonly versions: { readonly node: string };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream | (AsyncIterable<Uint8Array | string> & { isTTY?: boolean });
  readonly stdout: HostStream;
  readonly stderr: HostStream;
  cwd(): string;
  on(event: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): unknown;
  off(event: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): unknown;
  exit(code: number): never;
}

export interface HostStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  on?(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}
