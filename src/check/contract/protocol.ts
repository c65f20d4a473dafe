import type { Finding } from "../../base/finding.ts";
import type { Sample } from "../../contract/judge.ts";
import type { Body } from "../../http/body.ts";
import type { Question } from "./question.ts";

type Packed<B> = B extends { kind: "json" } ? Omit<B, "value"> : B;

/** A question on its way to another thread: the text of a JSON body goes, whose value is there again with one parse. */
export type PackedQuestion = Omit<Question, "samples"> & {
  samples: readonly (Omit<Sample, "body"> & { body: Packed<Body> })[];
};

/** What is said when no more questions come. */
export const END = "end";

/** What comes back of each question, in their order. */
export type Answer = { findings: Finding[] } | "failed";

export function pack(question: Question): PackedQuestion {
  const samples = question.samples.map((sample) => ({ ...sample, body: packed(sample.body) }));
  return { ...question, samples };
}

export function unpack(question: PackedQuestion): Question {
  const samples = question.samples.map((sample) => ({ ...sample, body: unpacked(sample.body) }));
  return { ...question, samples };
}

const packed = (body: Body): Packed<Body> =>
  body.kind === "json" ? { kind: body.kind, text: body.text } : body;

const unpacked = (body: Packed<Body>): Body =>
  body.kind === "json" ? { kind: body.kind, value: JSON.parse(body.text), text: body.text } : body;
