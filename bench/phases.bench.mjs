// Phase timings against curl -w, its second transfer of a process: the first one pays for loading its TLS library.
import { execFileSync } from "node:child_process";
import { median } from "./measure.mjs";
import { clock, source, startServer } from "./support.mjs";

export const name = "phases";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 200);
const FORMAT =
  "%{time_namelookup} %{time_connect} %{time_appconnect} %{time_pretransfer} %{time_starttransfer} %{time_total}\\n";

function curl({ url, caFile }, tls) {
  const flags = tls ? ["--cacert", caFile, "--no-sessionid"] : [];
  const args = [
    "-s",
    "--http1.1",
    "-H",
    "Connection: close",
    ...flags,
    "-w",
    FORMAT,
    "-o",
    "/dev/null",
    url,
    "-o",
    "/dev/null",
    url,
  ];
  const second = execFileSync("curl", args, { encoding: "utf8" }).trim().split("\n")[1];
  const [lookup, connect, app, pre, start, total] = second
    .split(" ")
    .map((seconds) => Number(seconds) * 1000);
  return {
    dns: lookup,
    connect: connect - lookup,
    ...(tls ? { tls: app - connect } : {}),
    ttfb: start - pre,
    download: total - start,
    total,
  };
}

/** The second of two exchanges, as of curl: starting its process in between has cooled this one down. */
async function integ(client, url) {
  await client.exchange({ method: "GET", url, headers: {} }, { freshConnection: true });
  const { phases, totalMs, failure } = await client.exchange(
    { method: "GET", url, headers: {} },
    { freshConnection: true },
  );
  if (failure) throw new Error(failure.message);
  return { ...phases, total: totalMs };
}

async function compare(print, { tls, delayMs }) {
  const { createHttpClient } = await source("src/http/client.ts");
  const server = await startServer({ tls, delayMs, preferNginx: true });
  const client = createHttpClient({
    env: {},
    clock,
    http2: false,
    ...(tls ? { tls: { ca: server.ca } } : {}),
  });
  const seen = { curl: [], integ: [] };
  try {
    for (let round = -5; round < ROUNDS; round++) {
      const contestants = [
        ["curl", () => curl(server, tls)],
        ["integ", () => integ(client, server.url)],
      ];
      if (Math.random() < 0.5) contestants.reverse();
      for (const [who, measure] of contestants) {
        const figures = await measure();
        if (round >= 0) seen[who].push(figures);
      }
    }
  } finally {
    await client.close();
    server.stop();
  }
  print(`${tls ? "HTTPS" : "HTTP"}, server takes ${delayMs} ms, medians of ${ROUNDS}, ms`);
  for (const phase of Object.keys(seen.curl[0])) {
    const [theirs, ours] = [seen.curl, seen.integ].map((all) => median(all.map((one) => one[phase] ?? 0)));
    const allowed = Math.max(0.5, theirs * 0.05);
    const verdict = Math.abs(ours - theirs) <= allowed ? "within" : "BEYOND";
    print(
      `  ${phase.padEnd(9)} curl ${theirs.toFixed(2).padStart(7)}   integ ${ours.toFixed(2).padStart(7)}   ${(ours - theirs >= 0 ? "+" : "") + (ours - theirs).toFixed(2)}   ${verdict} ${allowed.toFixed(2)}`,
    );
  }
}

export async function run(print) {
  for (const tls of [false, true]) for (const delayMs of [0, 20]) await compare(print, { tls, delayMs });
}
