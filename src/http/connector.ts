import net, { type OnReadOpts, type Socket, type TcpNetConnectOpts } from "node:net";
import tls, { type ConnectionOptions, type SecureContext, type TLSSocket } from "node:tls";
import { ClosedError } from "./failure.ts";
import { markedLookup, PrivateAddressError } from "./lookup.ts";
import type { ProxyServer } from "./proxy.ts";
import { openTunnel } from "./tunnel.ts";

/** When each step of an exchange happened, on the monotonic clock; absent: it did not happen (yet). */
export interface Marks {
  /** Moves to where name resolution starts: making a socket object is our time, not the network's. */
  start?: number;
  dnsStart?: number;
  dnsEnd?: number;
  /** The first address is tried. */
  attempted?: number;
  connected?: number;
  secured?: number;
}

export interface ConnectorOptions {
  now(): number;
  /** Where the marks of the connection under way are kept. */
  marks(): Marks;
  secureContext: SecureContext | undefined;
  http2: boolean;
  family: 4 | 6 | undefined;
  proxy: ProxyServer | undefined;
  /** Addresses for which the connection is refused. */
  refuses(address: string): boolean;
  /** Where the bytes of a plain connection go; default: into the socket's stream. */
  reading?: OnReadOpts;
}

export interface Destination {
  protocol: string;
  hostname: string;
  port: string;
}

/** `highWaterMark` is Node's, though its types do not know it. */
type TcpOptions = TcpNetConnectOpts & { highWaterMark: number };

type Callback = (...result: [null, Socket] | [Error, null]) => void;

const portOf = ({ port, protocol }: Destination) => Number(port || (protocol === "https:" ? 443 : 80));

function tcpOptions(destination: Destination, options: ConnectorOptions): TcpOptions {
  const { family, refuses, now, marks, reading } = options;
  return {
    ...(reading ? { onread: reading } : {}),
    host: destination.hostname,
    port: portOf(destination),
    noDelay: true,
    highWaterMark: 64 * 1024,
    autoSelectFamily: family === undefined,
    ...(family ? { family } : {}),
    lookup: markedLookup({
      family,
      refuses,
      onStart: () => {
        const at = now();
        marks().start = at;
        marks().dnsStart = at;
      },
      onEnd: () => {
        marks().dnsEnd = now();
      },
    }),
  };
}

function tlsOptions({ hostname }: Destination, options: ConnectorOptions): ConnectionOptions {
  return {
    host: hostname,
    ...(net.isIP(hostname) === 0 ? { servername: hostname } : {}),
    ...(options.secureContext ? { secureContext: options.secureContext } : {}),
    // No session is passed in: every handshake is a full one, so that cold means cold.
    ALPNProtocols: options.http2 ? ["h2", "http/1.1"] : ["http/1.1"],
  };
}

/**
 * `tls.connect`, by which the last message of the handshake leaves sooner. To compare the certificate with the name, Node makes
 * objects of the whole chain, with fingerprints and keys, while the server waits; the server's own certificate is enough for it,
 * and a third of the 0.6 ms.
 */
function connectSecurely(options: ConnectionOptions): TLSSocket {
  const socket = tls.connect(options);
  const { getPeerCertificate } = socket;
  const ofServer = () => getPeerCertificate.call(socket, false);
  Object.defineProperty(socket, "getPeerCertificate", { configurable: true, value: ofServer });
  socket.prependOnceListener("secureConnect", () => Reflect.deleteProperty(socket, "getPeerCertificate"));
  return socket;
}

function markConnected(socket: Socket, { now, marks }: ConnectorOptions): void {
  socket.once("connectionAttempt", () => {
    marks().attempted = now();
  });
  // Before Node's own listener, which starts the TLS handshake and would charge it to this phase.
  socket.prependOnceListener("connect", () => {
    marks().connected = now();
  });
}

/** Calls back exactly once, with the socket when `isReady` says so or with the error that came first. */
function settle(socket: Socket, isReady: (ready: () => void) => void, callback: Callback): void {
  let settled = false;
  const done = (error?: Error) => {
    socket.off("error", done);
    if (settled) return;
    settled = true;
    if (error) callback(error, null);
    else callback(null, socket);
  };
  socket.once("error", done);
  isReady(() => done(socket.destroyed ? new ClosedError() : undefined));
}

const settleConnected = (socket: Socket, callback: Callback) =>
  settle(socket, (ready) => socket.once("connect", ready), callback);

/**
 * The handshake ends when its last message, which proves to the server that both sides agree, has gone to the system. Node says
 * `secureConnect` before that, and hands the message over at the end of the same turn of the event loop.
 */
function settleSecured(socket: TLSSocket, { now, marks }: ConnectorOptions, callback: Callback): void {
  const isReady = (ready: () => void) =>
    socket.once("secureConnect", () =>
      setImmediate(() => {
        marks().secured = now();
        ready();
      }),
    );
  settle(socket, isReady, callback);
}

function direct(destination: Destination, options: ConnectorOptions, callback: Callback): Socket {
  const tcp = tcpOptions(destination, options);
  if (destination.protocol !== "https:") {
    const plain = net.connect(tcp);
    markConnected(plain, options);
    settleConnected(plain, callback);
    return plain;
  }
  const secured = connectSecurely({ ...tcp, ...tlsOptions(destination, options) });
  markConnected(secured, options);
  settleSecured(secured, options, callback);
  return secured;
}

function throughProxy(
  proxy: ProxyServer,
  destination: Destination,
  options: ConnectorOptions,
  callback: Callback,
): Socket {
  const at = {
    protocol: proxy.url.protocol,
    hostname: proxy.url.hostname.replace(/^\[|\]$/g, ""),
    port: proxy.url.port,
  };
  const through = { ...options, http2: false };
  // A plain request is sent to the proxy itself, with the whole URL in its request line.
  if (destination.protocol !== "https:") return direct(at, through, callback);
  return direct(at, through, (error, socket) => {
    if (error) return callback(error, null);
    openTunnel(socket, { proxy, authority: `${destination.hostname}:${portOf(destination)}` }, (refused) => {
      if (refused) return callback(refused, null);
      const secured = connectSecurely({ socket, ...tlsOptions(destination, options) });
      settleSecured(secured, options, callback);
    });
  });
}

/**
 * Opens the connection of one exchange with the four settings that make its phases comparable with curl's: own lookup,
 * prebuilt secure context, mark before Node's `connect` listener, no session resumption.
 * @returns the socket at once, so that it can be destroyed while it connects
 */
export function openSocket(
  destination: Destination,
  options: ConnectorOptions,
  callback: Callback,
): Socket | undefined {
  const { hostname } = destination;
  if (net.isIP(hostname) !== 0 && options.refuses(hostname)) {
    callback(new PrivateAddressError(`${hostname} is private`), null);
    return undefined;
  }
  return options.proxy
    ? throughProxy(options.proxy, destination, options, callback)
    : direct(destination, options, callback);
}
