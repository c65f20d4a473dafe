import { randomUUID } from "node:crypto";
import { join, sep } from "node:path";
import type { Worker } from "bullmq";
import type { Clock } from "../../base/context.ts";
import { IntegError } from "../../base/errors.ts";
import type { Finding } from "../../base/finding.ts";
import type { Project } from "../../config/project.ts";
import { resolveEnvironment, resolveTargets } from "../../config/targets.ts";
import { QuotaLedger } from "../../probe/ledger.ts";
import { SharedQuotas } from "../quota/shared.ts";
import type { Rooms } from "../rooms.ts";
import { Lanes, laneOf } from "../schedule.ts";
import { checkTarget, type Run } from "../target.ts";
import { type Board, SIGN_OF_LIFE_MS } from "./board.ts";
import { type Done, type Outcome, type Piece, piece, type RunSettings } from "./protocol.ts";
import { redisQuotaStore } from "./quota-store.ts";
import { HostSeats } from "./seats.ts";

export interface WorkDeps {
  project: Project;
  board: Board;
  clock: Clock;
  /** Rooms with paths relative to a directory; secrets are read anew for each run. */
  rooms(cwd: string): Rooms;
  /** How many requests this worker, and all workers of its Redis together, have under way with one host. */
  perHost: number;
  /** Milliseconds after which what a silent worker holds is free for others. */
  leaseMs: number;
  /** Aborted when no more time is left for what is under way. */
  hardStop: AbortSignal;
}

/** Runs whose rooms are kept: a worker serves few at a time. */
const KEPT_RUNS = 8;
/** Milliseconds before Redis is asked again. */
const AGAIN_MS = 500;

/** Paths of this machine's checkout become those of the coordinator's. */
function elsewhere(findings: readonly Finding[], here: string, there: string): Finding[] {
  const from = here.endsWith(sep) ? here : `${here}${sep}`;
  return findings.map((one) => {
    const { location } = one;
    if (!location?.file.startsWith(from)) return one;
    return { ...one, location: { ...location, file: join(there, location.file.slice(from.length)) } };
  });
}

/** Does the pieces of work that a worker takes. */
export class Workbench {
  readonly #deps: WorkDeps;
  readonly #lanes: Lanes;
  readonly #seats: HostSeats;
  readonly #ledger = new QuotaLedger();
  readonly #shared: SharedQuotas;
  readonly #runs = new Map<string, Rooms>();
  #done = 0;
  #active = 0;
  #busyAt: number;

  constructor(deps: WorkDeps) {
    this.#deps = deps;
    this.#lanes = new Lanes(deps.perHost);
    this.#seats = new HostSeats(deps);
    this.#shared = new SharedQuotas(redisQuotaStore(deps.board), deps.clock);
    this.#busyAt = deps.clock.monotonic();
  }

  /** How many pieces were done, and counted. */
  get done(): number {
    return this.#done;
  }

  /** Milliseconds without work. */
  get idleMs(): number {
    return this.#active > 0 ? 0 : this.#deps.clock.monotonic() - this.#busyAt;
  }

  /** Does a piece and puts its outcome on the board; nothing where nobody waits for it any more. */
  async take(data: unknown): Promise<void> {
    const { board, clock } = this.#deps;
    this.#active++;
    try {
      const work = piece.parse(data);
      const settings = await this.#patiently(() => board.settings(work.run));
      if (!settings) return;
      const outcome = JSON.stringify(await this.#outcome(work, settings));
      if (await this.#patiently(() => board.put(work.run, work.index, outcome))) this.#done++;
    } finally {
      this.#active--;
      this.#busyAt = clock.monotonic();
    }
  }

  /** A Redis that is away for a while costs no work: it is asked again until it is back, or the grace is over. */
  async #patiently<R>(ask: () => Promise<R>): Promise<R> {
    const { clock, hardStop } = this.#deps;
    for (;;) {
      try {
        return await ask();
      } catch {
        await clock.sleep(AGAIN_MS, hardStop);
      }
    }
  }

  async #outcome(work: Piece, settings: RunSettings): Promise<Outcome> {
    try {
      return { done: await this.#do(work, settings) };
    } catch (error) {
      this.#deps.hardStop.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      if (!(error instanceof IntegError)) return { failed: { message } };
      const { code, exitCode, hint } = error;
      return { failed: { message, code, exitCode, ...(hint === undefined ? {} : { hint }) } };
    }
  }

  async #do(work: Piece, settings: RunSettings): Promise<Done> {
    const { project } = this.#deps;
    const rooms = this.#roomsOf(work.run, settings);
    if (work.kind === "secrets") {
      const integrations = project.integrations.filter(({ name }) => work.integrations.includes(name));
      const found = await rooms.secrets(resolveEnvironment(project, work.environment), integrations);
      return { findings: elsewhere(found, project.root, settings.root) };
    }
    const [target] = resolveTargets(project, [work.label], { env: work.environment });
    if (!target) throw new Error(`there is no target ${work.label}`);
    const { hardStop } = this.#deps;
    const host = laneOf(target);
    const check = () => checkTarget(target, this.#run(rooms, settings));
    // Within the worker first: its own queue costs Redis nothing.
    const { findings, endpoint } = await this.#lanes.run(host, () => this.#seats.run(host, hardStop, check));
    hardStop.throwIfAborted();
    return { findings: elsewhere(findings, project.root, settings.root), endpoint };
  }

  #run(rooms: Rooms, { parts, samples, deadlineMs }: RunSettings): Run {
    const { clock, hardStop } = this.#deps;
    const limits = deadlineMs === undefined ? {} : { deadlineMs };
    const options = { parts: new Set(parts), samples, limits };
    return { rooms, options, clock, signal: hardStop, ledger: this.#ledger, shared: this.#shared };
  }

  #roomsOf(run: string, { from }: RunSettings): Rooms {
    const known = this.#runs.get(run);
    if (known) return known;
    const rooms = this.#deps.rooms(join(this.#deps.project.root, from));
    this.#runs.set(run, rooms);
    const [oldest] = this.#runs.keys();
    if (oldest !== undefined && this.#runs.size > KEPT_RUNS) this.#runs.delete(oldest);
    return rooms;
  }
}

export interface Shift {
  board: Board;
  bench: Workbench;
  worker: Worker;
  clock: Clock;
  /** Asks for an end: what is under way is finished, no more is taken. */
  signal: AbortSignal;
  /** Milliseconds for what is under way when the end is asked for. */
  graceMs: number;
  /** Milliseconds without work after which the worker ends by itself. */
  idleMs: number | undefined;
  /** Called when the grace is over. */
  stopHard(): void;
}

/** Lets what is under way come to its end; what does not in time is given to another worker. */
async function finish({ worker, clock, graceMs, stopHard }: Shift): Promise<void> {
  const finished = new AbortController();
  const closing = worker.close().finally(() => finished.abort());
  await clock.sleep(graceMs, finished.signal).then(
    async () => {
      stopHard();
      await worker.close(true);
    },
    () => closing,
  );
}

/** Keeps a worker at work until it is asked to end, or nobody has had work for it for a while. */
export async function workShift(shift: Shift): Promise<void> {
  const { board, bench, clock, signal, idleMs = Number.POSITIVE_INFINITY } = shift;
  const id = randomUUID();
  while (!signal.aborted && bench.idleMs < idleMs) {
    // A Redis that is away comes back; the queue's own connection says so.
    await board.present(id).catch(() => {});
    await clock.sleep(Math.min(SIGN_OF_LIFE_MS, idleMs), signal).catch(() => {});
  }
  await board.leave(id).catch(() => {});
  await finish(shift);
}
