// With `node --import`: names every module that is loaded, one `LOADED url` line each on file descriptor 3.
import { writeSync } from "node:fs";
import * as module from "node:module";

const report = (url) => writeSync(3, `LOADED ${url}\n`);

if (module.registerHooks) {
  module.registerHooks({
    load(url, context, next) {
      report(url);
      return next(url, context);
    },
  });
} else {
  const source = `import { writeSync } from "node:fs";
    export function load(url, context, next) { writeSync(3, "LOADED " + url + "\\n"); return next(url, context); }`;
  module.register(`data:text/javascript,${encodeURIComponent(source)}`);
}
