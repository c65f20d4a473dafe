import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A certificate and its key, PEM; both made for one test. */
export interface Identity {
  cert: string;
  key: string;
  subject: string;
  privateKey: KeyObject;
}

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const oid = (...bytes: number[]) => der(0x06, Buffer.from(bytes));
const boolean = (value: boolean) => der(0x01, Buffer.from([value ? 0xff : 0]));

const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(commonName)))));
}

function time(date: Date): Buffer {
  return der(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]|\.\d+/g, "")}`));
}

function alternativeNames(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    /^[\d.]+$/.test(host)
      ? der(0x87, Buffer.from(host.split(".").map(Number)))
      : der(0x82, Buffer.from(host)),
  );
  return sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(...names)));
}

const authority = sequence(oid(0x55, 0x1d, 0x13), boolean(true), der(0x04, sequence(boolean(true))));

const pem = (what: string, bytes: Uint8Array) =>
  `-----BEGIN ${what}-----\n${Buffer.from(bytes)
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n")}\n-----END ${what}-----\n`;

/**
 * Makes a certificate with a fresh P-256 key: an authority where no hosts are given, self-signed where no issuer is.
 * Written out in DER so that no test needs a program for it.
 */
export function makeCertificate(options: {
  name: string;
  hosts?: readonly string[];
  issuer?: Identity;
  validFrom?: Date;
  validTo?: Date;
}): Identity {
  const { name, hosts = [], issuer } = options;
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const day = 86_400_000;
  const validity = sequence(
    time(options.validFrom ?? new Date(Date.now() - day)),
    time(options.validTo ?? new Date(Date.now() + 90 * day)),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    nameOf(issuer?.subject ?? name),
    validity,
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(hosts.length > 0 ? alternativeNames(hosts) : authority)),
  );
  const signature = sign("sha256", body, issuer?.privateKey ?? privateKey);
  const cert = sequence(body, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature));
  return {
    cert: pem("CERTIFICATE", cert),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    subject: name,
    privateKey,
  };
}
