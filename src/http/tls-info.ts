import type { DetailedPeerCertificate, PeerCertificate, TLSSocket } from "node:tls";
import type { Certificate, TlsInfo } from "./exchange.ts";

/** A chain is a handful; a loop ends at the self-signed root. */
const MAX_CHAIN = 10;

const commonName = (subject: PeerCertificate["subject"] | undefined) =>
  [subject?.CN ?? subject?.O ?? ""].flat().join(", ");

const isoDate = (text: string | undefined) => {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? "" : new Date(time).toISOString();
};

function chainOf(leaf: DetailedPeerCertificate): Certificate[] {
  const chain: Certificate[] = [];
  let at: DetailedPeerCertificate | undefined = leaf;
  while (at?.subject && chain.length < MAX_CHAIN) {
    chain.push({
      subject: commonName(at.subject),
      issuer: commonName(at.issuer),
      validTo: isoDate(at.valid_to),
    });
    at = at.issuerCertificate === at ? undefined : at.issuerCertificate;
  }
  return chain;
}

/** What TLS agreed on and which certificates the server showed; `undefined` once the socket has let go of them. */
export function tlsInfoOf(socket: TLSSocket): TlsInfo | undefined {
  const leaf = socket.getPeerCertificate(true);
  if (!leaf?.subject) return undefined;
  return {
    protocol: socket.getProtocol() ?? "",
    cipher: socket.getCipher()?.standardName ?? "",
    subject: commonName(leaf.subject),
    issuer: commonName(leaf.issuer),
    validFrom: isoDate(leaf.valid_from),
    validTo: isoDate(leaf.valid_to),
    fingerprint256: leaf.fingerprint256,
    chain: chainOf(leaf),
  };
}
