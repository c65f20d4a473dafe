import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Finding } from "../../base/finding.ts";
import { packageFile } from "../../base/package-root.ts";
import type { Body } from "../../http/body.ts";
import { type Answer, END, type PackedQuestion, pack } from "./protocol.ts";
import type { Question } from "./question.ts";

/** Judges answers by their contracts, whoever does it. */
export interface ContractJudges {
  /** Whether bodies are parsed elsewhere from the first question on, so that who asks need not. */
  readonly parses: boolean;
  /** @throws NotJsonError where a body was taken for JSON that is none */
  judge(question: Question): Promise<Finding[]>;
  close(): Promise<void>;
}

/** @throws NotJsonError */
function parsed(body: Body): unknown {
  return body.kind === "json" ? body.value : undefined;
}

/** Loaded where it is needed: where a thread judges, this process need not know how. */
async function judgeHere(question: Question): Promise<Finding[]> {
  // Also where nobody looks at what they hold, as for want of a contract.
  for (const { body } of question.samples) parsed(body);
  const { judgeContract } = await import("./judge.ts");
  return judgeContract(question);
}

/** So many questions are judged before a thread is there. */
const FEW = 50;
/** What the thread has on its table: enough that it never waits, few enough that their answers' bodies are not piled up. */
const MOST_OPEN = 16;

/** The thread, with the questions that it has not answered yet. */
class Helper {
  readonly #worker = new Worker(packageFile("bin", "contracts.cjs"));
  readonly #open: { question: Question; settle(findings: Promise<Finding[]> | Finding[]): void }[] = [];
  /** Questions that leave together: waking the thread costs as much as a question does. */
  #leaving: PackedQuestion[] = [];
  #gone = false;

  constructor() {
    this.#worker.on("message", (answers: readonly Answer[]) => {
      for (const answer of answers) {
        const first = this.#open.shift();
        first?.settle(answer === "failed" ? judgeHere(first.question) : answer.findings);
      }
    });
    // Where threads are not allowed, or one dies for want of memory, what it had is judged here.
    this.#worker.on("error", () => this.#leave());
    this.#worker.on("exit", () => this.#leave());
  }

  #leave(): void {
    this.#gone = true;
    for (const { question, settle } of this.#open.splice(0)) settle(judgeHere(question));
  }

  /** Its answer to come; undefined where it has enough to do. */
  ask(question: Question): Promise<Finding[]> | undefined {
    if (this.#gone || this.#open.length >= MOST_OPEN) return undefined;
    return new Promise((settle) => {
      this.#open.push({ question, settle });
      if (this.#leaving.push(pack(question)) === 1) setImmediate(() => this.#send());
    });
  }

  #send(): void {
    const questions = this.#leaving;
    this.#leaving = [];
    this.#worker.postMessage(questions);
  }

  /** Lets it come to its own end: one that is cut off keeps nothing of what it compiled. */
  async end(): Promise<void> {
    if (this.#gone) return;
    const ended = new Promise((resolve) => this.#worker.once("exit", resolve));
    this.#worker.postMessage(END);
    await ended;
  }
}

/** None where threads are not allowed at all, as under Node's permission model. */
function startHelper(): Helper | undefined {
  try {
    return new Helper();
  } catch {
    return undefined;
  }
}

/**
 * Opens the judges of one run. Where there are many questions and the machine has a second core, a thread takes them: reading
 * contracts and holding answers against them costs as much as asking for the answers. The findings are the same.
 * @param options.expected how many questions will come, where that is known; the thread starts at once where they are many
 */
export function openContractJudges({
  expected = 0,
  few = FEW,
  cores = availableParallelism(),
} = {}): ContractJudges {
  let asked = 0;
  let helper = expected > few && cores > 1 ? startHelper() : undefined;
  return {
    parses: helper !== undefined,
    judge: async (question) => {
      if (++asked === few + 1 && cores > 1) helper ??= startHelper();
      return helper?.ask(question) ?? judgeHere(question);
    },
    close: async () => {
      await helper?.end();
    },
  };
}
