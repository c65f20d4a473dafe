import net, { type OnReadOpts, type Socket, type TcpNetConnectOpts } from "node:net";
import tls, { type ConnectionOptions, type SecureContext, type TLSSocket } from "node:tls";
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

function markConnected(socket: Socket, { now, marks }: ConnectorOptions): void {
  socket.once("connectionAttempt", () => {
    marks().attempted = now();
  });
  // Before Node's own listener, which starts the TLS handshake and would charge it to this phase.
  socket.prependOnceListener("connect", () => {
    marks().connected = now();
  });
}

/** The handshake ends with `secure`; what Node then does to compare the certificate with the name is our own time. */
function markSecured(socket: TLSSocket, { now, marks }: ConnectorOptions): void {
  let agreed: number | undefined;
  socket.prependOnceListener("secure", () => {
    agreed = now();
  });
  socket.prependOnceListener("secureConnect", () => {
    marks().secured = agreed ?? now();
  });
}

/** Calls back exactly once, with the socket when `event` comes or with the error that came first. */
function settle(socket: Socket, event: "connect" | "secureConnect", callback: Callback): void {
  const done = (error: Error | undefined) => {
    socket.off("error", done);
    socket.off(event, ready);
    if (error) callback(error, null);
    else callback(null, socket);
  };
  const ready = () => done(undefined);
  socket.once("error", done);
  socket.once(event, ready);
}

function direct(destination: Destination, options: ConnectorOptions, callback: Callback): Socket {
  const tcp = tcpOptions(destination, options);
  if (destination.protocol !== "https:") {
    const plain = net.connect(tcp);
    markConnected(plain, options);
    settle(plain, "connect", callback);
    return plain;
  }
  const secured = tls.connect({ ...tcp, ...tlsOptions(destination, options) });
  markConnected(secured, options);
  markSecured(secured, options);
  settle(secured, "secureConnect", callback);
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
      const secured = tls.connect({ socket, ...tlsOptions(destination, options) });
      markSecured(secured, options);
      settle(secured, "secureConnect", callback);
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
