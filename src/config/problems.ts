/**
 * What can be wrong with the project's files, by the code that stands beside each problem. They end a command with exit code 2
 * before it looks at anything else: no `rules:` can be read from a configuration that is not one.
 */
export const CONFIG_PROBLEMS = {
  "config/not-found": "There is no integ.config.yaml where one is needed",
  "config/unreadable": "A file of the project cannot be read",
  "config/invalid": "The files of the project have problems, each of which is told",
  "config/syntax": "A file is not valid YAML, or of a YAML that is not supported here",
  "config/too-large": "A file is longer than 1,000,000 characters",
  "config/duplicate-key": "A key is there twice",
  "config/unknown-key": "A key that nothing reads; the known ones are named",
  "config/missing-key": "A key is not there that something else needs",
  "config/key": "A key is no name that may stand there",
  "config/value": "A value is not one that may stand there",
  "config/name": "The manifest's `name` is another than its directory's",
  "config/reference":
    "A name leads to nothing: an environment, secret, version or endpoint that there is not",
  "config/regex": "A pattern is no regular expression that can be used",
  "config/url": "An address is no URL",
  "config/credential": "What looks like a credential stands in a file where only its name belongs",
  "config/ledger": "integ.secrets.json is not what integ writes",
} as const;

export type ConfigProblem = keyof typeof CONFIG_PROBLEMS;
