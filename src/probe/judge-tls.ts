import { type Finding, finding } from "../base/finding.ts";
import { neutralize } from "../base/text.ts";
import type { TlsInfo } from "../http/exchange.ts";
import { namesOf, type Subject } from "./subject.ts";

const DAY_MS = 86_400_000;

/** Certificates are renewed automatically some 30 days ahead; one that is not by then needs a person. */
export const CERTIFICATE_WARNING_DAYS = 21;
export const CERTIFICATE_ERROR_DAYS = 7;

/** Whole days until the first certificate of the chain expires, negative when it has; undefined without dates. */
export function daysOfCertificate({ chain, validTo }: TlsInfo, now: number): number | undefined {
  const ends = [validTo, ...chain.map((certificate) => certificate.validTo)]
    .map((text) => Date.parse(text))
    .filter((end) => !Number.isNaN(end));
  return ends.length === 0 ? undefined : Math.floor((Math.min(...ends) - now) / DAY_MS);
}

/** Findings about the TLS of a connection: a certificate about to expire, a protocol or cipher of yesterday. */
export function judgeTls(tls: TlsInfo, subject: Subject, now: number): Finding[] {
  const names = namesOf(subject);
  const days = daysOfCertificate(tls, now);
  const findings: Finding[] = [];
  if (days !== undefined && days < CERTIFICATE_WARNING_DAYS) {
    findings.push(
      finding({
        rule: "provider/certificate-expiring",
        severity: days < CERTIFICATE_ERROR_DAYS ? "error" : "warning",
        message: `the certificate of ${neutralize(tls.subject)} expires in ${days} days and is not renewed yet`,
        ...names,
        evidence: { validTo: tls.validTo, days },
      }),
    );
  }
  if (/^(?:SSLv|TLSv1$|TLSv1\.[01]$)/.test(tls.protocol) || /_(?:3DES|RC4|NULL|MD5|DES)_/.test(tls.cipher)) {
    findings.push(
      finding({
        rule: "provider/tls-weak",
        severity: "warning",
        message: `the connection to ${new URL(subject.request.url).host} uses ${neutralize(tls.protocol)} with ${neutralize(tls.cipher)}, which is no longer safe`,
        ...names,
      }),
    );
  }
  return findings;
}
