import type { Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import type { Client } from "undici";
import { type Destination, openSocket } from "./connector.ts";
import type { Connection, ExchangeFailure, HttpRequest, HttpResponse, Limits, TlsInfo } from "./exchange.ts";
import { describeFailure, ExchangeError, type FailureContext, timedOut } from "./failure.ts";
import type { ProxyServer } from "./proxy.ts";
import { type Received, Receiver } from "./receiver.ts";
import type { Stopper } from "./stopper.ts";
import { phaseOf, phaseStart, type Times } from "./times.ts";
import { tlsInfoOf } from "./tls-info.ts";

/** Everything that makes two requests able to share a connection, and what a connection needs to be opened. */
export interface LinkOptions {
  origin: URL;
  now(): number;
  secureContext: SecureContext | undefined;
  http2: boolean;
  family: 4 | 6 | undefined;
  proxy: ProxyServer | undefined;
  refuses(address: string): boolean;
  maxHeaderBytes: number;
}

/** What one request brought, before decompression. */
export type Answer = Received & { times: Times; connection: Connection; tls?: TlsInfo };

/** Aborts a hop: `whole` carries the deadline that passed. */
export class DeadlineError extends Error {
  readonly afterMs: number;

  constructor(afterMs: number) {
    super("deadline");
    this.afterMs = afterMs;
  }
}

/** One connection to one origin: an undici client that two exchanges never share at a time. */
export class Link {
  readonly #options: LinkOptions;
  readonly #client: Client;
  /** The request goes to the proxy itself, with the whole URL in its request line. */
  readonly #absolute: boolean;
  #socket: Socket | undefined;
  #times: Times = { start: 0 };
  #version: HttpResponse["httpVersion"] = "1.1";
  /** Sockets opened so far: the server may close one between two requests. */
  #opened = 0;
  #connecting = false;
  broken = false;

  constructor(options: LinkOptions, Undici: typeof Client) {
    this.#options = options;
    const { proxy, origin, maxHeaderBytes, http2 } = options;
    this.#absolute = proxy !== undefined && origin.protocol === "http:";
    this.#client = new Undici(this.#absolute && proxy ? proxy.url.origin : origin.origin, {
      connect: (_destination, callback) => this.#connect(callback),
      allowH2: http2,
      pipelining: 1,
      maxHeaderSize: maxHeaderBytes,
      // Our own deadlines, of the whole and of each phase, take their place.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 60_000,
    });
  }

  #connect(callback: (...result: [null, Socket] | [Error, null]) => void): void {
    this.#opened++;
    this.#connecting = true;
    const { protocol, hostname, port } = this.#options.origin;
    const to: Destination = { protocol, hostname: hostname.replace(/^\[|\]$/g, ""), port };
    this.#socket = openSocket(to, { ...this.#options, marks: () => this.#times }, (error, socket) => {
      if (error) return callback(error, null);
      this.#connecting = false;
      this.#watch(socket);
      callback(null, socket);
    });
  }

  /**
   * Sees each request's head when it has gone to the system, and each piece of an answer when it comes from there, before
   * undici's parser has it: when, and in which version.
   */
  #watch(socket: Socket): void {
    this.#socket = socket;
    if (socket instanceof TLSSocket && socket.alpnProtocol === "h2") {
      this.#version = "2";
      return;
    }
    const { now } = this.#options;
    const { write, push } = socket;
    let written: Times | undefined;
    socket.write = (...chunk: unknown[]) => {
      const more: boolean = Reflect.apply(write, socket, chunk);
      const times = this.#times;
      if (written !== times) times.sent = now();
      written = times;
      return more;
    };
    socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
      const times = this.#times;
      if (times.sent !== undefined) {
        const at = now();
        times.lastByte = at;
        if (times.firstByte === undefined && chunk instanceof Uint8Array) {
          times.firstByte = at;
          this.#version = chunk[7] === 0x30 ? "1.0" : "1.1";
        }
      }
      return push.call(socket, chunk, encoding);
    };
  }

  /** Sends one request and waits for its end; never rejects. The reason of a stop becomes the failure. */
  send(request: HttpRequest, limits: Limits, stop: Stopper): Promise<Answer> {
    const opened = this.#opened;
    const times: Times = { start: this.#options.now() };
    this.#times = times;
    return new Promise((resolve) => {
      const release: (() => void)[] = [];
      const receiver = new Receiver({
        times,
        now: this.#options.now,
        limits,
        host: this.#options.origin.host,
        version: () => this.#version,
        finish: (received) => {
          for (const undo of release) undo();
          const answer = { ...received, times, ...this.#account(opened, times) };
          if ("failure" in received) void this.destroy();
          resolve(answer);
        },
      });
      if (stop.reason) return receiver.fail(stop.reason);
      stop.listener = (reason) => receiver.fail(reason);
      release.push(() => {
        stop.listener = undefined;
      });
      release.push(this.#watchPhases(limits, receiver));
      this.#dispatch(request, receiver);
    });
  }

  #dispatch(request: HttpRequest, receiver: Receiver): void {
    const { proxy } = this.#options;
    const url = new URL(request.url);
    const path = `${url.pathname}${url.search}`;
    const headers: Record<string, string> = { ...request.headers };
    if (this.#absolute) {
      headers.host = url.host;
      if (proxy?.authorization) headers["proxy-authorization"] = proxy.authorization;
    }
    try {
      const target = this.#absolute ? `${url.origin}${path}` : path;
      this.#client.dispatch(
        { path: target, method: request.method, headers, body: request.body ?? null },
        receiver,
      );
    } catch (error) {
      receiver.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Fails the hop when a phase outlasts its own deadline. Costs nothing where no phase has one. */
  #watchPhases({ phaseMs }: Limits, receiver: Receiver): () => void {
    const bounds = Object.values(phaseMs);
    if (bounds.length === 0) return () => {};
    const timer = setInterval(
      () => {
        const phase = this.#phase();
        const bound = phaseMs[phase];
        if (bound === undefined || this.#options.now() - phaseStart(this.#times, phase) <= bound) return;
        receiver.fail(new ExchangeError(timedOut(this.#context(receiver.responded), bound, false)));
      },
      Math.max(5, Math.min(...bounds) / 20),
    );
    return () => clearInterval(timer);
  }

  #phase() {
    return phaseOf(this.#times, this.#options.origin.protocol === "https:");
  }

  #context(responded: boolean): FailureContext {
    const { proxy, origin } = this.#options;
    return {
      host: origin.host,
      proxy: proxy?.shown,
      responded,
      phase: this.#phase(),
      https: origin.protocol === "https:",
    };
  }

  /** A failure as people read it, by where this link's last exchange stood. */
  describe(error: Error, responded: boolean): ExchangeFailure {
    const context = this.#context(responded);
    if (error instanceof DeadlineError) return timedOut(context, error.afterMs, true);
    return describeFailure(error, context);
  }

  #account(opened: number, times: Times): Pick<Answer, "connection" | "tls"> {
    const socket = this.#socket;
    const secured = socket instanceof TLSSocket ? socket : undefined;
    const tls =
      secured && (times.secured !== undefined || times.sent !== undefined) ? tlsInfoOf(secured) : undefined;
    return {
      connection: {
        reused: this.#opened === opened,
        ...(socket?.remoteAddress ? { remoteAddress: socket.remoteAddress } : {}),
        ...(socket?.remoteFamily ? { family: socket.remoteFamily === "IPv6" ? 6 : 4 } : {}),
        ...(secured?.alpnProtocol ? { alpn: secured.alpnProtocol } : {}),
        ...(this.#options.proxy ? { proxy: this.#options.proxy.shown } : {}),
      },
      ...(tls ? { tls } : {}),
    };
  }

  async destroy(): Promise<void> {
    this.broken = true;
    // Once undici has the socket, undici must be the one who destroys it.
    if (this.#connecting) this.#socket?.on("error", () => {}).destroy();
    await this.#client.destroy();
  }
}
