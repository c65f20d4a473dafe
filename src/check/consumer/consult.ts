import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Location } from "../../base/errors.ts";
import { type Finding, finding } from "../../base/finding.ts";
import { didYouMean } from "../../base/suggest.ts";
import { neutralize } from "../../base/text.ts";
import type { Target } from "../../config/project.ts";
import { CHECK_RULES } from "../rules.ts";
import { subjectOf } from "../seen/availability.ts";
import type { ConsumerFailure, ConsumerHost } from "./host.ts";
import { type Consumer, judgeForConsumer } from "./impact.ts";
import type { Description } from "./protocol.ts";
import type { SchemaLocator } from "./source/locate.ts";

/** What the consumers of a run are asked with. */
export interface ConsumerRoom {
  host: ConsumerHost;
  /** Asked for where there is a schema to be found: it brings a parser. */
  locator(): Promise<SchemaLocator>;
  /** Paths in findings are relative to it. */
  cwd: string;
}

/** Asks the consumer schemas of targets; every module is loaded once, however many endpoints read through it. */
export interface Consult {
  /** Wrong configuration: an export that is not there or is no schema. Also a module that cannot be loaded. */
  configuration(target: Target): Promise<Finding[]>;
  /** The schema that reads a target's response; why there is none to be had; undefined where the manifest names none. */
  consumer(target: Target): Promise<Consumer | { findings: Finding[] } | undefined>;
  /** Judges a target's drift by the schema that reads it. */
  impact(target: Target, drift: readonly Finding[], samples: readonly unknown[]): Promise<Finding[]>;
}

const schemasFile = ({ version }: Target) => join(version.directory, "schemas.ts");

/** A location as findings carry it: relative to the user's directory, with forward slashes. */
function shown(location: Location, cwd: string): Location {
  const file = relative(cwd, location.file);
  return { ...location, file: (file.startsWith("..") ? location.file : file).split(sep).join("/") };
}

async function notLoaded(
  target: Target,
  { failed, line = 1 }: ConsumerFailure,
  cwd: string,
): Promise<Finding> {
  const { endpoint: _all, ...subject } = subjectOf(target);
  const { file } = shown({ file: schemasFile(target), line: 1, column: 1 }, cwd);
  const { syntaxProblem } = await import("./source/syntax.ts");
  const syntax = syntaxProblem(schemasFile(target));
  // Without the endpoint: one module that does not load is one finding, not one for each of its endpoints.
  if (syntax) {
    return finding({
      rule: CHECK_RULES.consumerSyntax.id,
      severity: CHECK_RULES.consumerSyntax.severity,
      message: `${file} has a syntax error: ${neutralize(syntax.message)}`,
      ...subject,
      help: "mend the file: until then our schemas cannot be asked",
      location: shown(syntax.location, cwd),
    });
  }
  return finding({
    rule: CHECK_RULES.consumerInconclusive.id,
    severity: CHECK_RULES.consumerInconclusive.severity,
    message: `The consumer schemas in ${file} could not be loaded: ${failed.split("\n")[0]}`,
    help: "schemas are loaded without environment variables and without the right to write files; let them import only zod and other schemas",
    ...subject,
    location: { file, line, column: 1 },
  });
}

/** A schema that was loaded and gave no answer to a sample: an endless refinement, a process that it ended. */
function notParsed(target: Target, consumer: Consumer, { failed }: ConsumerFailure): Finding {
  const location = consumer.place([]);
  return finding(
    {
      rule: CHECK_RULES.consumerInconclusive.id,
      severity: CHECK_RULES.consumerInconclusive.severity,
      message: `Our schema ${consumer.name} could not be asked about the response: ${failed.split("\n")[0]}`,
      help: `look for a refinement or transform of ${consumer.name} that does not end`,
      ...subjectOf(target),
      ...(location ? { location } : {}),
    },
    "parse",
  );
}

function noFile(target: Target, cwd: string): Finding {
  const { file } = shown({ file: schemasFile(target), line: 1, column: 1 }, cwd);
  const { name, consumer, location } = target.endpoint;
  return finding({
    rule: CHECK_RULES.consumerMissing.id,
    severity: CHECK_RULES.consumerMissing.severity,
    message: `${file} is not there; ${name} names \`${consumer}\` of it as its consumer`,
    ...subjectOf(target),
    location,
    help: `restore it (git checkout -- ${file}), or take \`consumer\` of ${name} out of the manifest`,
  });
}

function wrongExport(target: Target, description: Description, cwd: string): Finding[] {
  if (description.kind === "schema") return [];
  if (!existsSync(schemasFile(target))) return [noFile(target, cwd)];
  const name = target.endpoint.consumer ?? "";
  const { file } = shown({ file: schemasFile(target), line: 1, column: 1 }, cwd);
  const rule = description.kind === "missing" ? CHECK_RULES.consumerMissing : CHECK_RULES.consumerNotSchema;
  const message =
    description.kind === "missing"
      ? `${file} exports no \`${name}\`, which ${target.endpoint.name} names as its consumer`
      : `\`${name}\` in ${file} is of type ${description.type}, not a zod schema`;
  const hint =
    description.kind === "missing" ? didYouMean(name, description.known, "schemas") : "export a zod schema";
  return [
    finding({
      rule: rule.id,
      severity: rule.severity,
      message,
      ...subjectOf(target),
      location: target.endpoint.location,
      ...(hint === undefined ? {} : { help: hint }),
    }),
  ];
}

type Module = Map<string, Description> | ConsumerFailure;

/** Opens the consultation of one run. */
export function consult({ host, locator, cwd }: ConsumerRoom): Consult {
  const modules = new Map<string, Promise<Module>>();
  const moduleOf = (target: Target): Promise<Module> => {
    const file = schemasFile(target);
    const known = modules.get(file);
    if (known) return known;
    const names = target.integration.endpoints.flatMap(({ consumer }) => (consumer ? [consumer] : []));
    const loading = existsSync(file)
      ? host.describe(file, [...new Set(names)])
      : Promise.resolve<Module>(new Map(names.map((name) => [name, { kind: "missing", known: [] }])));
    modules.set(file, loading);
    return loading;
  };
  const consumerOf = async (
    target: Target,
    name: string,
    description: Description & { kind: "schema" },
  ): Promise<Consumer> => {
    const located = await locator();
    return {
      name,
      ...(description.jsonSchema ? { jsonSchema: description.jsonSchema } : {}),
      outcomes: [],
      place: (path) => {
        const place = located.locate(schemasFile(target), name, path);
        return place && shown(place.location, cwd);
      },
    };
  };
  const open = async (target: Target): Promise<Consumer | { findings: Finding[] } | undefined> => {
    const name = target.endpoint.consumer;
    if (name === undefined) return undefined;
    const module = await moduleOf(target);
    if ("failed" in module) return { findings: [await notLoaded(target, module, cwd)] };
    const description = module.get(name);
    if (description?.kind === "schema") return consumerOf(target, name, description);
    return { findings: description ? wrongExport(target, description, cwd) : [] };
  };
  return {
    consumer: open,
    configuration: async (target) => {
      const consumer = await open(target);
      return consumer && "findings" in consumer ? consumer.findings : [];
    },
    impact: async (target, drift, samples) => {
      // Without a sample there is nothing to judge drift by: the module need not be loaded.
      const consumer = samples.length === 0 ? undefined : await open(target);
      if (!consumer) return [...drift];
      if ("findings" in consumer) return [...drift, ...consumer.findings];
      const parsed = await host.parse(schemasFile(target), consumer.name, samples);
      if ("failed" in parsed) {
        return [...judgeForConsumer(drift, consumer, subjectOf(target)), notParsed(target, consumer, parsed)];
      }
      return judgeForConsumer(drift, { ...consumer, outcomes: parsed }, subjectOf(target));
    },
  };
}
