import type { OnReadOpts, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { type ConnectorOptions, type Destination, openSocket } from "../connector.ts";
import { Http1Wire } from "./http1.ts";
import { type Http2Module, Http2Wire } from "./http2.ts";
import type { Wire, WireListener, WireOptions } from "./wire.ts";

/** Everything that makes two requests able to share a connection, and what a connection needs to be opened. */
export interface ConnectionOptions extends Omit<ConnectorOptions, "marks" | "reading"> {
  origin: URL;
  maxHeaderBytes: number;
}

export interface Opening extends Pick<ConnectorOptions, "marks">, Pick<WireOptions, "whole"> {
  /** What a plain connection reads into, as long as it lives. */
  buffer(): Buffer;
  /** Needed where HTTP/2 may be agreed on. */
  http2: Http2Module | undefined;
}

/** As much as Node reads at a time. */
export const READ_BYTES = 64 * 1024;

/** Only a socket that carries nothing else before its first request can read into a buffer of ours from the beginning. */
const isPlain = ({ origin, proxy }: ConnectionOptions) =>
  origin.protocol === "http:" && proxy?.url.protocol !== "https:";

/** Whether a connection may turn out to speak HTTP/2, which takes Node's module for it. */
export const mayBeHttp2 = ({ origin, proxy, http2 }: ConnectionOptions): boolean =>
  origin.protocol === "https:" && proxy === undefined && http2;

/**
 * Opens a connection and whatever it speaks: HTTP/2 where the handshake agreed on it, else HTTP/1.1.
 * @param done called once, unless the socket is destroyed before
 * @returns the socket at once, so that it can be destroyed while it connects
 */
export function openWire(
  options: ConnectionOptions,
  listener: WireListener,
  { marks, whole, buffer, http2 }: Opening,
  done: (opened: { wire: Wire; socket: Socket } | Error) => void,
): Socket | undefined {
  const { origin, maxHeaderBytes } = options;
  const { protocol, hostname, port } = origin;
  const to: Destination = { protocol, hostname: hostname.replace(/^\[|\]$/g, ""), port };
  const plain = isPlain(options) ? new Http1Wire({ maxHeaderBytes, whole }, listener) : undefined;
  const reading: OnReadOpts | undefined = plain?.reading(buffer());
  return openSocket(to, { ...options, marks, ...(reading ? { reading } : {}) }, (error, socket) => {
    if (error) return done(error);
    if (socket instanceof TLSSocket && socket.alpnProtocol === "h2" && http2) {
      const wire = new Http2Wire(socket, origin.origin, { maxHeaderBytes, whole }, http2, listener);
      return done({ wire, socket });
    }
    const wire = plain ?? new Http1Wire({ maxHeaderBytes, whole }, listener);
    wire.attach(socket, plain !== undefined);
    done({ wire, socket });
  });
}
