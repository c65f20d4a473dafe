// A thread that looks for keys in files beside the main one.
import { parentPort, workerData } from "node:worker_threads";
import { detectorsOf } from "./detectors.ts";
import { scanBatch } from "./files.ts";

const detectors = detectorsOf(workerData);
parentPort?.on("message", (paths: string) =>
  parentPort?.postMessage(scanBatch(paths.split("\0"), detectors)),
);
