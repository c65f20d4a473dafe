import { spawnSync } from "node:child_process";

/** Peak resident memory of a run of Node in MB: the process says it at its end. */
export function peakMb(args) {
  const hook =
    'data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS))';
  const { stderr } = spawnSync(process.execPath, ["--import", hook, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  return Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
}
