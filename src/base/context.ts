/** A stream the command may write human text to. */
export interface Writer {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width of the terminal in columns; 120 where there is none. */
  readonly columns: number;
  /** Whether colour may be used on this stream. */
  readonly color: boolean;
}

/** Questions to a person. Every method rejects with `InterruptedError` on Ctrl-C. */
export interface Prompter {
  text(question: {
    message: string;
    default?: string;
    validate?: (value: string) => true | string;
  }): Promise<string>;
  secret(question: { message: string }): Promise<string>;
  confirm(question: { message: string; default?: boolean }): Promise<boolean>;
  select<T>(question: {
    message: string;
    choices: { name: string; value: T; description?: string }[];
    default?: T;
  }): Promise<T>;
  checkbox<T>(question: {
    message: string;
    choices: { name: string; value: T; checked?: boolean }[];
  }): Promise<T[]>;
  /** Several of a list that is too long to read: typing narrows it. */
  pick(question: { message: string; choices: readonly string[] }): Promise<string[]>;
}

export interface Io {
  readonly stdout: Writer;
  readonly stderr: Writer;
  /** Everything on standard input, as UTF-8. */
  readStdin(): Promise<string>;
  /** The bytes on standard input as they come. They come once. */
  streamStdin(): AsyncIterable<Uint8Array>;
  readonly stdinIsTTY: boolean;
  /** Prompts, or `undefined` where nobody can answer: no TTY, `--no-input`, `--json` or CI. */
  readonly prompt: Prompter | undefined;
  /** A line for the person on stderr; dropped under `--quiet`. */
  note(text: string): void;
  /** A line for the curious on stderr; shown under `--verbose` only. */
  debug(text: string): void;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds from an arbitrary start, never going back. */
  monotonic(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What a command may touch of the world. Everything else is passed in as a value. */
export interface Context {
  readonly io: Io;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the directory the user stands in. */
  readonly cwd: string;
  readonly clock: Clock;
  /** Aborted on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** `--config`: the configuration file to use instead of searching upward from `cwd`. */
  readonly configFile: string | undefined;
  /** `--yes`: every confirmation is taken as given. */
  readonly yes: boolean;
  /** `--json`: the result is one document on stdout, and nothing else may be written there. */
  readonly json: boolean;
}
