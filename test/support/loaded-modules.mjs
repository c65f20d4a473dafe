// With `node --import`: names every module that is loaded, one `LOADED url` line each on file descriptor 3.
import { writeSync } from "node:fs";
import * as module from "node:module";
import { pathToFileURL } from "node:url";

const report = (url) => writeSync(3, `LOADED ${url}\n`);

if (module.registerHooks) {
  module.registerHooks({
    load(url, context, next) {
      report(url);
      return next(url, context);
    },
  });
} else {
  const { load } = module.Module.prototype;
  module.Module.prototype.load = function (file) {
    report(pathToFileURL(file));
    return load.call(this, file);
  };
  const source = `import { writeSync } from "node:fs";
    export function load(url, context, next) { writeSync(3, "LOADED " + url + "\\n"); return next(url, context); }`;
  module.register(`data:text/javascript,${encodeURIComponent(source)}`);
}
