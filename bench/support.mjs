import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";

const jiti = createJiti(import.meta.url);

/** A module of src/ or test/, as it is without a build. */
export const source = (path) => jiti.import(`../${path}`);

export const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms) => delay(ms),
};

/** A port that nobody listens on now. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until somebody listens on a port: a busy machine takes its time to start a server. */
async function listening(port) {
  for (let attempt = 0; attempt < 200; attempt++) {
    const answered = await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.once("error", () => resolve(false)).once("connect", () => socket.destroy());
    });
    if (answered) return;
    await delay(50);
  }
  throw new Error(`nobody listens on port ${port}`);
}

/** nginx on a free port, where the machine has it: its own time is steadier than a Node server's. */
async function startNginx(directory, { tls, http2 }) {
  if (spawnSync("nginx", ["-v"], { stdio: "ignore" }).error) return undefined;
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${kind};`,
  );
  const secure = tls ? "ssl_protocols TLSv1.3; ssl_certificate cert.pem; ssl_certificate_key key.pem;" : "";
  const config = `daemon off; pid nginx.pid; error_log stderr; worker_processes 1; events {} http { access_log off; ${temporary.join(" ")}
    server { listen 127.0.0.1:${port}${tls ? " ssl" : ""}${http2 ? " http2" : ""}; ${secure} location / { default_type application/json; return 200 '{"ok":true}'; } } }`;
  writeFileSync(join(directory, "nginx.conf"), config);
  const child = spawn("nginx", ["-p", directory, "-c", "nginx.conf", "-e", "stderr"], { stdio: "ignore" });
  await listening(port);
  return {
    pid: child.pid,
    url: `${tls ? "https" : "http"}://localhost:${port}/`,
    stop: () => {
      child.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/**
 * The CPU that a process and its children have taken so far, milliseconds; undefined where the system does not say (only
 * Linux does, by files).
 */
export function cpuMs(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    const pids = [pid, ...children.split(" ").filter(Boolean)];
    // The name of a program may contain spaces; ticks are a hundredth of a second on every Linux that Node runs on.
    const ticks = pids.map((one) => readFileSync(`/proc/${one}/stat`, "utf8").split(") ")[1].split(" "));
    return ticks.reduce((sum, fields) => sum + (Number(fields[11]) + Number(fields[12])) * 10, 0);
  } catch {
    return undefined;
  }
}

/** Starts bench/server.mjs, or nginx where that is preferred and there (only nginx speaks HTTP/2 here). `canned` is a server that knows one answer and no HTTP, at a quarter of the cost. With `tls` it has a certificate of a fresh authority, whose file is `ca`. */
export async function startServer({
  tls = false,
  http2 = false,
  delayMs = 0,
  preferNginx = false,
  canned = false,
} = {}) {
  const directory = mkdtempSync(join(tmpdir(), "integ-bench-"));
  let authority;
  if (tls) {
    const { makeCertificate } = await source("test/support/certificate.ts");
    authority = makeCertificate({ name: "Bench Authority" });
    const identity = makeCertificate({ name: "localhost", hosts: ["localhost"], issuer: authority });
    writeFileSync(join(directory, "ca.pem"), authority.cert);
    writeFileSync(join(directory, "cert.pem"), identity.cert);
    writeFileSync(join(directory, "key.pem"), identity.key);
  }
  const nginx = delayMs === 0 && preferNginx ? await startNginx(directory, { tls, http2 }) : undefined;
  if (nginx) return { ...nginx, ca: authority?.cert, caFile: join(directory, "ca.pem") };
  const script = fileURLToPath(new URL("server.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, directory, String(delayMs), canned ? "canned" : "http"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise((resolve, reject) => {
    child.stdout.once("data", (chunk) => resolve(Number(String(chunk).trim())));
    child.once("error", reject);
  });
  return {
    pid: child.pid,
    url: `${tls ? "https" : "http"}://localhost:${port}/`,
    ca: authority?.cert,
    caFile: join(directory, "ca.pem"),
    stop: () => {
      child.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
