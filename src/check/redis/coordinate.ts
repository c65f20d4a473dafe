import { randomUUID } from "node:crypto";
import type { Queue } from "bullmq";
import type { Clock } from "../../base/context.ts";
import { IncompleteError, IntegError } from "../../base/errors.ts";
import { EXIT, type ExitCode } from "../../base/exit.ts";
import { compareText, type Finding } from "../../base/finding.ts";
import { neutralize, plural } from "../../base/text.ts";
import type { Target } from "../../config/project.ts";
import type { CheckOptions } from "../options.ts";
import { type Found, secretsOf } from "../outcome/conclude.ts";
import { interleave, laneOf } from "../schedule.ts";
import { type Checked, lost, outOfTime } from "../target.ts";
import { type Board, SIGN_OF_LIFE_MS, type Stranger } from "./board.ts";
import { type Failed, type Piece, type RunSettings, readOutcome } from "./protocol.ts";

export interface Coordination {
  board: Board;
  queue: Queue<Piece>;
  clock: Clock;
  /** Ends the run with what there is. */
  deadline: AbortSignal;
  /** Where the user stands, and the project's root. */
  place: Pick<RunSettings, "from" | "root">;
  /** Milliseconds to wait for a worker, or for a Redis that is lost. */
  patienceMs: number;
  /** How to start a worker, for messages. */
  hint: string;
  /** Of integ: a worker of another takes nothing. */
  version: string;
  say(text: string): void;
}

const POLL_MS = 100;
const CHUNK = 500;

const jobId = ({ run, index }: Piece) => `${run}-${index}`;

/** The pieces of a run: the targets in their order, then the secrets' policy of each environment. */
function piecesOf(run: string, targets: readonly Target[], options: CheckOptions): Piece[] {
  const policies = options.parts.has("secrets") ? secretsOf(targets) : [];
  return [
    ...targets.map(
      ({ label, environment }, index): Piece => ({
        kind: "target",
        run,
        index,
        label,
        environment: environment.name,
      }),
    ),
    ...policies.map(
      ({ environment, integrations }, at): Piece => ({
        kind: "secrets",
        run,
        index: targets.length + at,
        environment: environment.name,
        integrations: integrations.map(({ name }) => name),
      }),
    ),
  ];
}

const isExitCode = (code: number | undefined): code is ExitCode =>
  Object.values(EXIT).some((known) => known === code);

function rejection({ message, code = "bug", exitCode, hint }: Failed) {
  const said = `A worker failed: ${message}`;
  return isExitCode(exitCode) ? new IntegError(said, exitCode, { code, hint }) : new Error(said);
}

/** Redis is away for too long, or came back without what it was told. */
function lostRun(cause?: unknown): IncompleteError {
  return new IncompleteError("Redis lost the run while workers checked", {
    code: "redis/lost",
    hint: "run the check again when it is there; with `appendonly yes` Redis keeps a run over its own end",
    cause,
  });
}

/** One run that waits for its workers. */
class Waiting {
  readonly #run: string;
  readonly #pieces: readonly Piece[];
  readonly #with: Coordination;
  readonly #failed = new Set<number>();
  #renewedAt: number;
  /** When Redis answered and a worker was there, or a result came in, last. */
  #hopeAt: number;
  #count = 0;
  #told = false;

  constructor(run: string, pieces: readonly Piece[], coordination: Coordination) {
    this.#run = run;
    this.#pieces = pieces;
    this.#with = coordination;
    this.#renewedAt = this.#hopeAt = coordination.clock.monotonic();
  }

  /**
   * Until every piece has its outcome or has failed for good, or the time is over.
   * @returns outcomes by index
   * @throws IncompleteError
   */
  async run(options: CheckOptions, targets: readonly Target[]): Promise<Map<number, string>> {
    const { board, clock, deadline } = this.#with;
    while (!deadline.aborted) {
      try {
        if (await this.#look(options, targets)) return await board.outcomes(this.#run);
      } catch (error) {
        if (error instanceof IncompleteError) throw error;
        await this.#despair(error);
      }
      await clock.sleep(POLL_MS, deadline).catch(() => {});
    }
    return board.outcomes(this.#run).catch((error: unknown) => {
      throw lostRun(error);
    });
  }

  isLost(index: number): boolean {
    return this.#failed.has(index);
  }

  async #look({ progress }: CheckOptions, targets: readonly Target[]): Promise<boolean> {
    const { board, clock } = this.#with;
    const count = await board.count(this.#run);
    const news = count > this.#count;
    this.#count = count;
    const [first] = targets;
    if (news && first) progress?.(Math.min(count, targets.length), targets.length, first);
    if (count + this.#failed.size >= this.#pieces.length) return true;
    if (news) this.#hopeAt = clock.monotonic();
    if (clock.monotonic() - this.#renewedAt < SIGN_OF_LIFE_MS) return false;
    this.#renewedAt = clock.monotonic();
    if (!(await board.renew(this.#run))) throw lostRun();
    await this.#findFailed();
    if ((await board.workers()) > 0) this.#hopeAt = clock.monotonic();
    else await this.#despair(undefined);
    return count + this.#failed.size >= this.#pieces.length;
  }

  /** Pieces whose workers died, one after the other: the queue hands them out no more. */
  async #findFailed(): Promise<void> {
    const jobs = await this.#with.queue.getFailed(0, this.#pieces.length + 1000);
    const done = await this.#with.board.outcomes(this.#run);
    for (const { data } of jobs) {
      if (data.run === this.#run && !done.has(data.index)) this.#failed.add(data.index);
    }
  }

  async #despair(error: unknown): Promise<void> {
    const { clock, patienceMs, say } = this.#with;
    // Redis may be lost at this very moment: then there is just less to tell.
    const hint = error === undefined ? await this.#hint().catch(() => this.#with.hint) : "";
    if (!this.#told && error === undefined) {
      say(`Waiting for a worker in this state of the project: ${hint}`);
      this.#told = true;
    }
    if (clock.monotonic() - this.#hopeAt < patienceMs) return;
    throw error === undefined
      ? new IncompleteError("No worker took the work", { code: "redis/no-worker", hint })
      : lostRun(error);
  }

  /** How to get a worker, and why those that are there do not do. */
  async #hint(): Promise<string> {
    const { board, hint, version } = this.#with;
    const strangers = await board.strangers();
    return strangers.length === 0 ? hint : `${hint}; ${whyStrange(strangers, version)}`;
  }
}

/** Why workers that are there take nothing: they have another integ, or other files. */
function whyStrange(strangers: readonly Stranger[], version: string): string {
  const others = [...new Set(strangers.map((one) => one.version))].filter((one) => one !== version);
  const same = strangers.filter((one) => one.version === version).length;
  const parts = [
    ...(others.length > 0
      ? [`of integ ${neutralize(others.sort(compareText).join(" and "))}, not ${version}`]
      : []),
    ...(same > 0 ? ["in another state of the project's files"] : []),
  ];
  return `${plural(strangers.length, "worker")} there: ${parts.join("; ")}`;
}

/** Opens the run and puts its pieces into the queue. @throws IncompleteError */
async function handOut(
  run: string,
  settings: RunSettings,
  pieces: readonly Piece[],
  { board, queue }: Coordination,
): Promise<void> {
  try {
    await board.open(run, settings);
    for (let at = 0; at < pieces.length; at += CHUNK) {
      await queue.addBulk(
        pieces.slice(at, at + CHUNK).map((data) => ({ name: "check", data, opts: { jobId: jobId(data) } })),
      );
    }
  } catch (error) {
    throw lostRun(error);
  }
}

/** Tells workers to leave the rest; what Redis does not hear any more ends by itself. */
async function end(run: string, pieces: readonly Piece[], { board, queue }: Coordination): Promise<void> {
  try {
    const missing = (await board.count(run)) < pieces.length;
    await board.close(run);
    // One that a worker holds cannot be removed: the worker finds that the run is over.
    if (missing) await Promise.all(pieces.map((one) => queue.remove(jobId(one)).catch(() => {})));
  } catch {
    // The lease of the run passes.
  }
}

function sort(outcomes: ReadonlyMap<number, string>, targets: readonly Target[], waiting: Waiting): Found {
  const checked: Checked[] = targets.map((target, index) => {
    const text = outcomes.get(index);
    if (text === undefined) return waiting.isLost(index) ? lost(target) : outOfTime(target);
    const outcome = readOutcome(text);
    if ("failed" in outcome) throw rejection(outcome.failed);
    const { findings, endpoint } = outcome.done;
    if (!endpoint) throw new Error("a worker wrote a result that cannot be read");
    return { findings, endpoint };
  });
  const secrets = [...outcomes].filter(([index]) => index >= targets.length).sort(([a], [b]) => a - b);
  const policies = secrets.flatMap(([, text]): readonly Finding[] => {
    const outcome = readOutcome(text);
    if ("failed" in outcome) throw rejection(outcome.failed);
    return outcome.done.findings;
  });
  return { checked, secrets: policies };
}

/**
 * Hands targets to workers and waits for what they find. Each target counts once, however many workers had it in hand; what
 * was not reached in time, or whose workers died one after the other, is inconclusive.
 * @throws IncompleteError where no worker comes, or Redis is lost
 */
export async function checkByWorkers(
  targets: readonly Target[],
  options: CheckOptions,
  coordination: Coordination,
): Promise<Found> {
  const { place } = coordination;
  const run = randomUUID();
  const pieces = piecesOf(run, targets, options);
  const { deadlineMs } = options.limits;
  const settings: RunSettings = {
    ...place,
    parts: [...options.parts],
    samples: options.samples,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
  const laneOfPiece = (one: Piece) => {
    const target = targets[one.index];
    return target ? laneOf(target) : "";
  };
  try {
    await handOut(run, settings, interleave(pieces, laneOfPiece), coordination);
    const waiting = new Waiting(run, pieces, coordination);
    const outcomes = await waiting.run(options, targets);
    options.signal.throwIfAborted();
    return sort(outcomes, targets, waiting);
  } finally {
    await end(run, pieces, coordination);
  }
}
