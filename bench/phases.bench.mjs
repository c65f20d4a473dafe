// Phase timings against curl -w, its second transfer of a process: the first one pays for loading its TLS library.
import { execFileSync, spawnSync } from "node:child_process";
import { bundle } from "./bundle.mjs";
import { median, quantile } from "./measure.mjs";
import { clock, startServer } from "./support.mjs";

export const name = "phases";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 200);
const FORMAT =
  "%{time_namelookup} %{time_connect} %{time_appconnect} %{time_pretransfer} %{time_starttransfer} %{time_total}\\n";

/** HTTP/2 only from nginx, where the machine has it. */
const CASES = [
  { title: "HTTP", delayMs: 0 },
  { title: "HTTP", delayMs: 20 },
  { title: "HTTPS", tls: true, delayMs: 0 },
  { title: "HTTPS", tls: true, delayMs: 20 },
  { title: "HTTP/2", tls: true, http2: true, delayMs: 0 },
];

/** Another name for the same server keeps curl from using the connection of its first transfer for the second. */
function curl({ url, caFile }, { tls, http2 }) {
  const first = http2 ? url.replace("localhost", "127.0.0.1") : url;
  const secure = tls ? ["--cacert", caFile, "--no-sessionid"] : [];
  const version = http2 ? ["--http2"] : ["--http1.1", "-H", "Connection: close"];
  const each = ["-s", ...version, ...secure, "-w", FORMAT, "-o", "/dev/null"];
  const args = [...each, ...(http2 ? ["-k"] : []), first, "--next", ...each, url];
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
  const ask = () =>
    client.exchange({ method: "GET", url, headers: {} }, { freshConnection: true, closeAfterwards: true });
  await ask();
  const { phases, totalMs, failure } = await ask();
  if (failure) throw new Error(failure.message);
  return { ...phases, total: totalMs };
}

function report(print, seen, phase) {
  const of = (who) => seen[who].map((one) => one[phase] ?? 0);
  const [theirs, ours] = [median(of("curl")), median(of("integ"))];
  const [theirQuarter, ourQuarter] = [quantile(of("curl"), 0.25), quantile(of("integ"), 0.25)];
  const allowed = Math.max(0.5, theirs * 0.05);
  const verdict = Math.abs(ours - theirs) <= allowed ? "within" : "BEYOND";
  const ms = (value) => value.toFixed(2).padStart(7);
  const signed = (value) => `${value >= 0 ? "+" : ""}${value.toFixed(2)}`.padStart(6);
  print(
    `  ${phase.padEnd(9)} curl ${ms(theirs)}   integ ${ms(ours)}   ${signed(ours - theirs)}   ${verdict} ${allowed.toFixed(2)}   lower quartiles ${ms(theirQuarter)} ${ms(ourQuarter)}`,
  );
}

async function compare(print, createHttpClient, { title, tls, http2, delayMs }) {
  const server = await startServer({ tls, http2, delayMs, preferNginx: true });
  const client = createHttpClient({
    env: {},
    clock,
    http2: http2 === true,
    ...(tls ? { tls: { ca: server.ca } } : {}),
  });
  const seen = { curl: [], integ: [] };
  try {
    for (let round = -5; round < ROUNDS; round++) {
      const contestants = [
        ["curl", () => curl(server, { tls, http2 })],
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
  print(
    `${title}, server takes ${delayMs} ms, medians of ${ROUNDS}, ms (goal: within 0.5 ms or 5 %, whichever is larger)`,
  );
  for (const phase of Object.keys(seen.curl[0])) report(print, seen, phase);
}

export async function run(print) {
  const { module, remove } = await bundle("bench/probe-entry.ts");
  const nginx = !spawnSync("nginx", ["-v"], { stdio: "ignore" }).error;
  try {
    for (const one of CASES.filter(({ http2 }) => nginx || !http2))
      await compare(print, module.createHttpClient, one);
  } finally {
    remove();
  }
}
