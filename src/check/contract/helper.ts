// A thread that holds answers against contracts while the main one waits for more of them.
import { parentPort } from "node:worker_threads";
import { judgeContract } from "./judge.ts";
import { type Answer, END, type PackedQuestion, unpack } from "./protocol.ts";

const answerTo = (question: PackedQuestion): Promise<Answer> =>
  judgeContract(unpack(question)).then(
    (findings) => ({ findings }),
    // Asked again where it can be told, it fails in the same way.
    () => "failed",
  );

/** One after the other: answers come in the order of the questions. */
let turn: Promise<unknown> = Promise.resolve();
parentPort?.on("message", (questions: readonly PackedQuestion[] | typeof END) => {
  if (questions === END) {
    parentPort?.close();
    return;
  }
  turn = turn.then(async () => {
    const answers: Answer[] = [];
    for (const question of questions) answers.push(await answerTo(question));
    parentPort?.postMessage(answers);
  });
});
